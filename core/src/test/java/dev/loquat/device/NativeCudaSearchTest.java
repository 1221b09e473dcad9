package dev.loquat.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.fake.FakeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls real machine code, with the parameters as {@code cuda.h} and {@code nvml.h} declare them.
 */
@EnabledOnOs(OS.LINUX)
class NativeCudaSearchTest {
  // Two GPUs of 3 GiB and 5 GiB, which NVML knows in the other order.
  private static final String CUDA =
      """
      #include <stdio.h>
      #include <string.h>
      typedef int CUresult;
      typedef int CUdevice;
      typedef struct { char bytes[16]; } CUuuid;
      CUresult cuInit(unsigned int flags) { return flags == 0 ? 0 : 1; }
      CUresult cuDeviceGetCount(int *count) { *count = 2; return 0; }
      CUresult cuDeviceGet(CUdevice *device, int ordinal) {
        if (ordinal < 0 || ordinal > 1) return 101;
        *device = 70 + ordinal;
        return 0;
      }
      CUresult cuDeviceGetName(char *name, int length, CUdevice device) {
        snprintf(name, length, "NVIDIA Fake %d", device);
        return 0;
      }
      CUresult cuDeviceTotalMem_v2(size_t *bytes, CUdevice device) {
        *bytes = (size_t) (device == 70 ? 3 : 5) << 30;
        return 0;
      }
      CUresult cuDeviceGetUuid(CUuuid *uuid, CUdevice device) {
        memset(uuid->bytes, device == 70 ? 0xab : 0x0c, 16);
        return 0;
      }
      """;
  private static final String NVML =
      """
      #include <string.h>
      typedef int nvmlReturn_t;
      typedef struct { unsigned long long total, free, used; } nvmlMemory_t;
      typedef nvmlMemory_t *nvmlDevice_t;
      static nvmlMemory_t gpus[2] = {{5ULL << 30, 4ULL << 30, 1ULL << 30}, {3ULL << 30, 7, 0}};
      static int open;
      nvmlReturn_t nvmlInit_v2(void) { open++; return 0; }
      nvmlReturn_t nvmlShutdown(void) { open--; return 0; }
      nvmlReturn_t nvmlDeviceGetHandleByUUID(const char *uuid, nvmlDevice_t *device) {
        if (open != 1) return 1;
        if (!strcmp(uuid, "GPU-0c0c0c0c-0c0c-0c0c-0c0c-0c0c0c0c0c0c")) *device = &gpus[0];
        else if (!strcmp(uuid, "MIG-abababab-abab-abab-abab-abababababab")) *device = &gpus[1];
        else return 6;
        return 0;
      }
      nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t *memory) {
        *memory = *device;
        return 0;
      }
      """;
  private static final String NO_DEVICE = "int cuInit(unsigned int flags) { return 100; }";

  @TempDir private Path folder;

  @Test
  void findsGpusWithTheirOwnMemory() throws Exception {
    assertThat(search(CUDA, NVML).search())
        .containsExactly(
            new DeviceInfo(Device.cuda(0), "NVIDIA Fake 70", 3L << 30, 7),
            new DeviceInfo(Device.cuda(1), "NVIDIA Fake 71", 5L << 30, 4L << 30));
  }

  @Test
  void asksForOneGpuAgainAndAgain() throws Exception {
    CudaSearch search = search(CUDA, NVML);
    for (int call = 0; call < 100; call++) {
      assertThat(search.freeBytes(1)).isEqualTo(4L << 30);
    }
  }

  @Test
  void failsForAGpuThatTheDriverDoesNotHave() throws Exception {
    CudaSearch search = search(CUDA, NVML);
    assertThatThrownBy(() -> search.freeBytes(2))
        .hasMessage("cuDeviceGet failed with CUDA_ERROR_INVALID_DEVICE (101)");
  }

  @Test
  void readsTheCodeOfADriverWithoutGpu() throws Exception {
    CudaSearch search = search(NO_DEVICE, NVML);
    assertThatThrownBy(search::search)
        .hasMessage("cuInit failed with CUDA_ERROR_NO_DEVICE: the driver sees no GPU (100)");
  }

  @Test
  void namesTheFunctionThatADriverLacks() throws Exception {
    CudaSearch search = search("int cuInit(unsigned int flags) { return 0; }", NVML);
    assertThatThrownBy(search::search).hasMessageEndingWith("has no function cuDeviceGetCount");
  }

  @Test
  void saysWhyALibraryCannotBeLoaded() throws Exception {
    Path broken = Files.writeString(folder.resolve("libcuda.so.1"), "no library");
    assertThatThrownBy(() -> JnaLibrary.load(broken.toString()))
        .isInstanceOf(DriverException.class)
        .hasMessageStartingWith(broken + " cannot be loaded: ")
        .hasMessageNotContainingAny("No such file", "resource path");
  }

  @Test
  void saysThatALibraryIsNotThere() {
    assertThatThrownBy(() -> JnaLibrary.load("libnobody-has-this.so.1"))
        .isInstanceOf(LibraryNotFoundException.class)
        .hasMessage("libnobody-has-this.so.1 not found");
  }

  private CudaSearch search(String cuda, String nvml) throws IOException, InterruptedException {
    FakeLibrary.compile(folder, "libcuda.so.1", cuda);
    FakeLibrary.compile(folder, "libnvidia-ml.so.1", nvml);
    LibraryLoader loader = name -> JnaLibrary.load(folder.resolve(name).toString());
    return new CudaSearch(new Machine("Linux", "amd64", folder, Map.of(), loader));
  }
}
