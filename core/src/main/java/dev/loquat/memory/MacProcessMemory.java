package dev.loquat.memory;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;

/** The resident set as macOS's kernel counts it ({@code mach/task_info.h}). */
final class MacProcessMemory implements ProcessMemory {
  private static final int MACH_TASK_BASIC_INFO = 20;
  private static final int INFO_WORDS = 12; // of 4 bytes: MACH_TASK_BASIC_INFO_COUNT
  private static final int RESIDENT_SIZE = 1; // its second field of 8 bytes
  private static final int RESIDENT_SIZE_MAX = 2;

  private final int self;
  private final Function taskInfo;

  private MacProcessMemory(NativeLibrary system) {
    self = system.getFunction("mach_task_self").invokeInt(new Object[0]);
    taskInfo = system.getFunction("task_info");
  }

  static ProcessMemory of(String library) {
    try {
      return new MacProcessMemory(NativeLibrary.getInstance(library));
    } catch (LinkageError e) {
      return () -> MemoryReading.UNKNOWN;
    }
  }

  @Override
  public long residentBytes() {
    return field(RESIDENT_SIZE);
  }

  @Override
  public long peakBytes() {
    return field(RESIDENT_SIZE_MAX);
  }

  private long field(int index) {
    long[] info = new long[INFO_WORDS / 2];
    IntByReference words = new IntByReference(INFO_WORDS);
    int status = taskInfo.invokeInt(new Object[] {self, MACH_TASK_BASIC_INFO, info, words});
    return status == 0 ? info[index] : MemoryReading.UNKNOWN;
  }
}
