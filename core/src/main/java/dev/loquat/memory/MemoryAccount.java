package dev.loquat.memory;

/**
 * What one part of a model holds in a ledger, and the native resource behind it. Whoever opens it
 * closes it. Not thread-safe, but accounts of one ledger may belong to different threads.
 */
public final class MemoryAccount implements AutoCloseable {
  private final MemoryLedger ledger;
  private final MemoryOwner owner;

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
    ledger.hold(this, new HeldResource(owner, purpose, bytes));
  }

  /**
   * What the account holds.
   *
   * @return bytes, 0 or more; 0 once closed
   */
  public long heldBytes() {
    return ledger.heldBytes(this);
  }

  /** Gives everything back. A second call does nothing. */
  @Override
  public void close() {
    ledger.close(this);
  }
}
