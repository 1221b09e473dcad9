package dev.loquat;

import dev.loquat.memory.LeakCheck;
import dev.loquat.memory.MemoryLog;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.memory.MemoryReading;

/**
 * The log of engines that share what is loaded: every one of them reads all of it, and whoever of
 * them closes it finds what is left.
 *
 * <p>Safe for use by several threads.
 */
final class LaneMemory implements MemoryLog {
  private final MemoryLog whole;
  private long leftBytes;
  private int open;

  LaneMemory(MemoryLog whole, int lanes) {
    this.whole = whole;
    open = lanes;
  }

  @Override
  public void record(MemoryPhase phase, MemoryReading reading) {
    whole.record(phase, reading);
  }

  @Override
  public void observe(MemoryPhase phase, MemoryReading reading) {
    whole.observe(phase, reading);
  }

  @Override
  public synchronized void close(MemoryReading reading, LeakCheck left) {
    leftBytes = Math.max(leftBytes, left.deviceBytes());
    open--;
    if (open == 0) {
      whole.close(reading, new LeakCheck(leftBytes, left.resources()));
    }
  }
}
