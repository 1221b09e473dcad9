package dev.loquat.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.fake.FakeLibrary;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Reads the structures of macOS and Windows, as their headers declare them, on Linux. */
@EnabledOnOs(OS.LINUX)
class ForeignProcessMemoryTest {
  private static final String MAC =
      """
      typedef unsigned int mach_port_t;
      typedef struct { int seconds, microseconds; } time_value_t;
      #pragma pack(push, 4)
      struct mach_task_basic_info {
        unsigned long long virtual_size, resident_size, resident_size_max;
        time_value_t user_time, system_time;
        int policy, suspend_count;
      };
      #pragma pack(pop)
      mach_port_t mach_task_self(void) { return 259; }
      int task_info(mach_port_t task, int flavor, int *info, unsigned int *count) {
        struct mach_task_basic_info answer = {11, 22ULL << 30, 33, {4, 5}, {6, 7}, 8, 9};
        if (task != 259 || flavor != 20 || *count * 4 < sizeof answer) return 4;
        *(struct mach_task_basic_info *) info = answer;
        return 0;
      }
      """;
  private static final String WINDOWS =
      """
      typedef struct {
        unsigned int cb, PageFaultCount;
        unsigned long PeakWorkingSetSize, WorkingSetSize;
        unsigned long QuotaPeakPagedPoolUsage, QuotaPagedPoolUsage;
        unsigned long QuotaPeakNonPagedPoolUsage, QuotaNonPagedPoolUsage;
        unsigned long PagefileUsage, PeakPagefileUsage;
      } PROCESS_MEMORY_COUNTERS;
      void *GetCurrentProcess(void) { return (void *) -1L; }
      int K32GetProcessMemoryInfo(void *process, PROCESS_MEMORY_COUNTERS *counters, unsigned cb) {
        if (process != (void *) -1L || cb < sizeof *counters) return 0;
        counters->PeakWorkingSetSize = 1;
        counters->WorkingSetSize = 33UL << 30;
        counters->QuotaPeakPagedPoolUsage = 2;
        return 1;
      }
      """;

  @TempDir private Path folder;

  @Test
  void readsTheResidentSizeOfMacos() throws Exception {
    Path library = FakeLibrary.compile(folder, "libSystem.so", MAC);
    assertThat(MacProcessMemory.of(library.toString()).residentBytes()).isEqualTo(22L << 30);
  }

  @Test
  void isUnknownWhereMacosRefuses() throws Exception {
    Path library = FakeLibrary.compile(folder, "libNo.so", MAC.replace("return 0;", "return 5;"));
    assertThat(MacProcessMemory.of(library.toString()).residentBytes())
        .isEqualTo(MemoryReading.UNKNOWN);
  }

  @Test
  void readsTheWorkingSetOfWindows() throws Exception {
    Path library = FakeLibrary.compile(folder, "kernel32.so", WINDOWS);
    assertThat(WindowsProcessMemory.of(library.toString()).residentBytes()).isEqualTo(33L << 30);
  }

  @Test
  void isUnknownWhereWindowsRefuses() throws Exception {
    Path library = FakeLibrary.compile(folder, "no.so", WINDOWS.replace("return 1;", "return 0;"));
    assertThat(WindowsProcessMemory.of(library.toString()).residentBytes())
        .isEqualTo(MemoryReading.UNKNOWN);
  }

  @Test
  void isUnknownWithoutTheLibrary() {
    assertThat(MacProcessMemory.of("nobody-has-this").residentBytes())
        .isEqualTo(MemoryReading.UNKNOWN);
    assertThat(WindowsProcessMemory.of("nobody-has-this").residentBytes())
        .isEqualTo(MemoryReading.UNKNOWN);
  }
}
