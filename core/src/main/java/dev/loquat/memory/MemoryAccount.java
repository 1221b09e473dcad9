package dev.loquat.memory;

/**
 * What one part of a model holds in a ledger. Whoever opens it closes it. Not thread-safe, but
 * accounts of one ledger may belong to different threads.
 */
public final class MemoryAccount implements AutoCloseable {
  private final MemoryLedger ledger;
  private final MemoryOwner owner;
  private long heldBytes;

  MemoryAccount(MemoryLedger ledger, MemoryOwner owner) {
    this.ledger = ledger;
    this.owner = owner;
  }

  /**
   * Holds another number of bytes than before: takes what is missing or gives back what is left
   * over. To be called before memory is allocated, and after it was freed.
   *
   * @param bytes what the account holds from now on, 0 or more
   * @param purpose what it is for, for the message where there is not enough
   * @throws dev.loquat.error.OutOfMemoryException if it passes the ledger's limit; the account
   *     holds what it did
   */
  public void hold(long bytes, String purpose) {
    NonNegative.require("bytes", bytes);
    if (bytes > heldBytes) {
      ledger.take(owner, bytes - heldBytes, purpose);
    } else {
      ledger.give(owner, heldBytes - bytes);
    }
    heldBytes = bytes;
  }

  /**
   * What the account holds.
   *
   * @return bytes, 0 or more
   */
  public long heldBytes() {
    return heldBytes;
  }

  /** Gives everything back. A second call does nothing. */
  @Override
  public void close() {
    ledger.give(owner, heldBytes);
    heldBytes = 0;
  }
}
