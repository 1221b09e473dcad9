package dev.loquat.fake;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * NVIDIA's driver, management library and runtime as machine code with the parameters that {@code
 * cuda.h}, {@code nvml.h} and {@code cuda_runtime_api.h} declare, answering as a test asks for.
 */
public final class FakeNvidia {
  private static final String CUDA =
      """
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      typedef struct { const char *name; unsigned long long total, free; int mode, busy; } Gpu;
      static Gpu gpus[] = {GPUS};
      static const int count = sizeof gpus / sizeof *gpus;
      int cuInit(unsigned int flags) { return CODE_cuInit; }
      int cuDriverGetVersion(int *version) { *version = CUDA_VERSION; return 0; }
      int cuDeviceGetCount(int *found) { *found = count; return 0; }
      int cuDeviceGet(int *device, int ordinal) {
        if (ordinal < 0 || ordinal >= count) return 101;
        *device = 70 + ordinal;
        return 0;
      }
      int cuDeviceGetName(char *name, int length, int device) {
        snprintf(name, length, "%s", gpus[device - 70].name);
        return 0;
      }
      int cuDeviceTotalMem_v2(size_t *bytes, int device) {
        *bytes = gpus[device - 70].total;
        return CODE_cuDeviceTotalMem_v2;
      }
      int cuDeviceGetUuid_v2(char *uuid, int device) { memset(uuid, device, 16); return 0; }
      int cuDeviceGetAttribute(int *value, int attribute, int device) {
        if (attribute == 75) *value = 9;
        else if (attribute == 76) *value = 0;
        else if (attribute == 20) *value = gpus[device - 70].mode;
        else return 1;
        return 0;
      }
      typedef struct { float at; } Event;
      static float now;
      static int depth;
      int cuDevicePrimaryCtxRetain(void **context, int device) {
        *context = gpus;
        return CODE_cuDevicePrimaryCtxRetain;
      }
      int cuDevicePrimaryCtxRelease_v2(int device) { return 0; }
      int cuCtxPushCurrent_v2(void *context) { return depth++ == 0 && context == gpus ? 0 : 201; }
      int cuCtxPopCurrent_v2(void **context) { *context = gpus; return --depth == 0 ? 0 : 201; }
      int cuEventCreate(Event **event, unsigned flags) {
        *event = calloc(1, sizeof **event);
        return depth == 1 ? 0 : 201;
      }
      int cuEventRecord(Event *event, void *stream) {
        now += 2.5f;
        event->at = now;
        return stream == 0 && depth == 1 ? 0 : 400;
      }
      int cuEventSynchronize(Event *event) { return 0; }
      int cuEventElapsedTime(float *millis, Event *from, Event *to) {
        *millis = to->at - from->at;
        return CODE_cuEventElapsedTime;
      }
      int cuEventDestroy_v2(Event *event) { free(event); return 0; }
      """;

  /** It counts the GPUs the other way round, as a management library may. */
  private static final String NVML =
      """
      #include <stdio.h>
      #include <string.h>
      typedef struct { const char *name; unsigned long long total, free; int mode, busy; } Gpu;
      typedef struct { unsigned pid; unsigned long long bytes; unsigned slice, part; } Process;
      static Gpu gpus[] = {GPUS};
      static Process processes[] = {PROCESSES};
      static const int count = sizeof gpus / sizeof *gpus;
      static int open;
      int nvmlInit_v2(void) { open += CODE_nvmlInit_v2 == 0; return CODE_nvmlInit_v2; }
      int nvmlShutdown(void) { open--; return 0; }
      int nvmlSystemGetDriverVersion(char *version, unsigned length) {
        snprintf(version, length, "550.54.15");
        return CODE_nvmlSystemGetDriverVersion;
      }
      int nvmlDeviceGetHandleByUUID(const char *uuid, Gpu **device) {
        if (open != 1) return 1;
        for (int i = count - 1; i >= 0; i--) {
          char own[64];
          int b = 70 + i;
          snprintf(own, sizeof own,
              "GPU-%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
              b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b);
          if (!strcmp(uuid, own)) { *device = &gpus[i]; return CODE_nvmlDeviceGetHandleByUUID; }
        }
        return 6;
      }
      int nvmlDeviceGetMemoryInfo(Gpu *gpu, unsigned long long *memory) {
        memory[0] = gpu->total;
        memory[1] = gpu->free;
        memory[2] = gpu->total - gpu->free;
        return CODE_nvmlDeviceGetMemoryInfo;
      }
      int nvmlDeviceGetUtilizationRates(Gpu *gpu, unsigned *rates) {
        rates[0] = gpu->busy;
        rates[1] = 1;
        return CODE_nvmlDeviceGetUtilizationRates;
      }
      int nvmlDeviceGetComputeRunningProcesses_v3(Gpu *gpu, unsigned *found, Process *told) {
        int all = sizeof processes / sizeof *processes - 1;
        if (*found < all) return 7;
        memcpy(told, processes, all * sizeof *processes);
        *found = all;
        return CODE_nvmlDeviceGetComputeRunningProcesses_v3;
      }
      """;

  private static final String RUNTIME =
      "int cudaRuntimeGetVersion(int *version) { *version = RUNTIME_VERSION; return 0; }";

  private final List<String> gpus = new ArrayList<>();
  private final List<String> processes = new ArrayList<>();
  private final Map<String, Integer> codes = new HashMap<>();
  private int cudaVersion = 12_040;

  /** A driver for CUDA 12.4 without GPUs. */
  public FakeNvidia() {}

  /** Adds a GPU of compute capability 9.0. */
  public FakeNvidia gpu(String name, long total, long free, int computeMode, int busyPercent) {
    gpus.add(
        "{\""
            + name
            + "\", "
            + total
            + "ULL, "
            + free
            + "ULL, "
            + computeMode
            + ", "
            + busyPercent
            + "}");
    return this;
  }

  /** Adds a process that computes on every GPU. */
  public FakeNvidia process(long pid, long bytes) {
    processes.add("{" + pid + "u, " + bytes + "ULL, 0, 0}, ");
    return this;
  }

  /** Sets what a function returns. */
  public FakeNvidia code(String function, int code) {
    codes.put(function, code);
    return this;
  }

  /** Sets the newest CUDA that the driver runs, as {@code cuDriverGetVersion} tells it. */
  public FakeNvidia cudaVersion(int version) {
    cudaVersion = version;
    return this;
  }

  /** Compiles libcuda.so.1, libnvidia-ml.so.1 and libcudart.so.12, of version 12.8. */
  public void compile(Path folder) throws IOException, InterruptedException {
    FakeLibrary.compile(folder, "libcuda.so.1", filled(CUDA));
    FakeLibrary.compile(folder, "libnvidia-ml.so.1", filled(NVML));
    FakeLibrary.compile(folder, "libcudart.so.12", filled(RUNTIME));
  }

  private String filled(String source) {
    String code =
        source
            .replace("GPUS", String.join(", ", gpus))
            .replace("PROCESSES", processes.stream().collect(Collectors.joining()) + "{0, 0, 0, 0}")
            .replace("CUDA_VERSION", String.valueOf(cudaVersion))
            .replace("RUNTIME_VERSION", "12080");
    for (Map.Entry<String, Integer> entry : codes.entrySet()) {
      code = code.replace("CODE_" + entry.getKey(), String.valueOf(entry.getValue()));
    }
    return code.replaceAll("CODE_\\w+", "0");
  }
}
