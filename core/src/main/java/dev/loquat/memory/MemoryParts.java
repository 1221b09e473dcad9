package dev.loquat.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The readings of a model's parts, such as its replicas, as readings of the whole: what a part
 * holds on its device is added to what the others were last seen to hold.
 *
 * <p>Safe for use by several threads.
 */
public final class MemoryParts {
  private final MemoryLog whole;
  private final Optional<LongSupplier> own;
  private final List<MemoryReading> latest;
  private final List<HeldResource> left = new ArrayList<>();
  private long leftBytes;
  private int open;

  /**
   * Creates it.
   *
   * @param whole told of the sums; closed when the last part is
   * @param parts how many there are, 1 or more
   * @param own what this process holds in bytes, if each part has a process of its own, which is
   *     added then; otherwise empty
   */
  public MemoryParts(MemoryLog whole, int parts, Optional<LongSupplier> own) {
    this.whole = whole;
    this.own = own;
    open = parts;
    latest = new ArrayList<>(Collections.nCopies(parts, new MemoryReading(0, 0, OwnedMemory.NONE)));
  }

  /**
   * The log of one part.
   *
   * @param index which one, from 0
   * @return where its readings go
   */
  public MemoryLog part(int index) {
    return new Part(index);
  }

  private synchronized MemoryReading sum(int index, MemoryReading reading) {
    latest.set(index, reading);
    return new MemoryReading(
        latest.stream().mapToLong(MemoryReading::deviceBytes).reduce(0, MemoryParts::sum),
        own.map(this::allProcesses).orElse(reading.processBytes()),
        latest.stream().map(MemoryReading::owned).reduce(OwnedMemory.NONE, OwnedMemory::plus));
  }

  private long allProcesses(LongSupplier thisOne) {
    return latest.stream()
        .mapToLong(MemoryReading::processBytes)
        .reduce(thisOne.getAsLong(), MemoryParts::sum);
  }

  private static long sum(long one, long other) {
    return one == MemoryReading.UNKNOWN || other == MemoryReading.UNKNOWN
        ? MemoryReading.UNKNOWN
        : one + other;
  }

  private synchronized void close(int index, MemoryReading reading, LeakCheck check) {
    MemoryReading sum = sum(index, reading);
    leftBytes += check.deviceBytes();
    left.addAll(check.resources());
    open--;
    if (open == 0) {
      whole.close(sum, new LeakCheck(leftBytes, left));
    }
  }

  private final class Part implements MemoryLog {
    private final int index;

    Part(int index) {
      this.index = index;
    }

    @Override
    public void record(MemoryPhase phase, MemoryReading reading) {
      whole.record(phase, sum(index, reading));
    }

    @Override
    public void observe(MemoryPhase phase, MemoryReading reading) {
      whole.observe(phase, sum(index, reading));
    }

    @Override
    public void close(MemoryReading reading, LeakCheck check) {
      MemoryParts.this.close(index, reading, check);
    }
  }
}
