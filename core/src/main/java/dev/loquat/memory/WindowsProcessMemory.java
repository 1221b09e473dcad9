package dev.loquat.memory;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** The working set as Windows counts it ({@code PROCESS_MEMORY_COUNTERS} in {@code psapi.h}). */
final class WindowsProcessMemory implements ProcessMemory {
  private static final int COUNTERS_BYTES = 72;
  private static final int WORKING_SET_SIZE = 2; // after two numbers of 4 bytes and one of 8

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
    long[] counters = new long[COUNTERS_BYTES / Long.BYTES];
    Object[] arguments = {self, counters, COUNTERS_BYTES};
    boolean done = getProcessMemoryInfo.invokeInt(arguments) != 0;
    return done ? counters[WORKING_SET_SIZE] : MemoryReading.UNKNOWN;
  }
}
