package dev.loquat.memory;

import dev.loquat.error.OutOfMemoryException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Who holds how much of a limited memory. Nothing is allocated here: owners ask before they
 * allocate, and the ledger refuses what passes the limit, as a device's memory would. Safe for use
 * by several threads.
 */
public final class MemoryLedger {
  /** No limit but the hardware's. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  private final long limitBytes;
  private final Map<MemoryOwner, Long> held = new EnumMap<>(MemoryOwner.class);

  private MemoryLedger(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /**
   * Creates a ledger.
   *
   * @param bytes the most that all owners may hold together, 1 or more
   * @return a ledger in which nothing is held
   * @throws IllegalArgumentException if the limit is out of range
   */
  public static MemoryLedger of(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("The limit is " + bytes + " bytes; expected 1 or more");
    }
    return new MemoryLedger(bytes);
  }

  /**
   * Creates a ledger that refuses nothing.
   *
   * @return a ledger in which nothing is held
   */
  public static MemoryLedger unlimited() {
    return new MemoryLedger(UNLIMITED);
  }

  /**
   * Opens an account that an owner takes from and gives back to.
   *
   * @param owner what the memory is for; several accounts may be of one owner
   * @return an account that holds nothing
   */
  public MemoryAccount open(MemoryOwner owner) {
    return new MemoryAccount(this, Objects.requireNonNull(owner, "owner"));
  }

  /**
   * The most that all owners may hold together.
   *
   * @return bytes; {@link #UNLIMITED} if there is no limit
   */
  public long limitBytes() {
    return limitBytes;
  }

  /**
   * What an owner holds.
   *
   * @param owner the owner
   * @return bytes, 0 or more
   */
  public synchronized long heldBytes(MemoryOwner owner) {
    return held.getOrDefault(owner, 0L);
  }

  /**
   * What all owners hold together.
   *
   * @return 0 to the limit
   */
  public synchronized long heldBytes() {
    return held.values().stream().mapToLong(Long::longValue).sum();
  }

  synchronized void take(MemoryOwner owner, long bytes, String purpose) {
    long free = limitBytes - heldBytes();
    if (bytes > free) {
      throw new OutOfMemoryException(
          "Not enough memory for "
              + purpose
              + ": "
              + bytes
              + " bytes are needed, but of the limit of "
              + limitBytes
              + " only "
              + free
              + " are left. Use a smaller batch, a shorter context, a narrower precision or a higher"
              + " memoryLimit.",
          bytes,
          free);
    }
    held.merge(owner, bytes, Long::sum);
  }

  synchronized void give(MemoryOwner owner, long bytes) {
    held.merge(owner, -bytes, Long::sum);
  }
}
