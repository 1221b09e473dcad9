package dev.loquat.memory;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** The working set as Windows counts it ({@code PROCESS_MEMORY_COUNTERS} in {@code psapi.h}). */
final class WindowsProcessMemory implements ProcessMemory {
  private static final int COUNTERS_BYTES = 72;
  private static final int PEAK_WORKING_SET_SIZE = 1; // after two numbers of 4 bytes
  private static final int WORKING_SET_SIZE = 2;

  private final Pointer self;
  private final Function getProcessMemoryInfo;

  private WindowsProcessMemory(NativeLibrary kernel) {
    self = kernel.getFunction("GetCurrentProcess").invokePointer(new Object[0]);
    getProcessMemoryInfo = kernel.getFunction("K32GetProcessMemoryInfo");
  }

  static ProcessMemory of(String library) {
    try {
      return new WindowsProcessMemory(NativeLibrary.getInstance(library));
    } catch (LinkageError e) {
      return () -> MemoryReading.UNKNOWN;
    }
  }

  @Override
  public long residentBytes() {
    return counter(WORKING_SET_SIZE);
  }

  @Override
  public long peakBytes() {
    return counter(PEAK_WORKING_SET_SIZE);
  }

  private long counter(int index) {
    long[] counters = new long[COUNTERS_BYTES / Long.BYTES];
    Object[] arguments = {self, counters, COUNTERS_BYTES};
    boolean done = getProcessMemoryInfo.invokeInt(arguments) != 0;
    return done ? counters[index] : MemoryReading.UNKNOWN;
  }
}
