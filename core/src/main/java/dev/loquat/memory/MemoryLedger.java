package dev.loquat.memory;

import dev.loquat.device.ByteFormat;
import dev.loquat.error.OutOfMemoryException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who holds how much of a limited memory. Nothing is allocated here: owners ask before they
 * allocate, and the ledger refuses what passes the limit, as a device's memory would. Safe for use
 * by several threads.
 */
public final class MemoryLedger {
  /** No limit but the hardware's. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  private final long limitBytes;
  private final Map<MemoryOwner, Long> reserved = new EnumMap<>(MemoryOwner.class);
  private final Map<MemoryAccount, HeldResource> resources = new LinkedHashMap<>();

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
   * Opens an account that is named as its owner.
   *
   * @param owner what the memory is for
   * @return an account that holds nothing
   * @see #open(MemoryOwner, String)
   */
  public MemoryAccount open(MemoryOwner owner) {
    return open(owner, owner.toString());
  }

  /**
   * Opens an account that an owner takes from and gives back to. It stands for a native resource:
   * until it is closed, it is among {@link #resources}.
   *
   * @param owner what the memory is for; several accounts may be of one owner
   * @param purpose what the resource is, such as "the weights"
   * @return an account that holds nothing
   */
  public synchronized MemoryAccount open(MemoryOwner owner, String purpose) {
    MemoryAccount account = new MemoryAccount(this, owner);
    resources.put(account, new HeldResource(owner, purpose, 0));
    return account;
  }

  /**
   * Sets bytes aside, once and for all, that no account stands for.
   *
   * @param owner what they are for
   * @param bytes how many, 0 or more
   * @param purpose what they are for, for the message where there is not enough
   * @throws OutOfMemoryException if that passes the limit
   */
  public synchronized void reserve(MemoryOwner owner, long bytes, String purpose) {
    NonNegative.require("bytes", bytes);
    requireFree(bytes, purpose);
    reserved.merge(owner, bytes, Long::sum);
  }

  /**
   * The accounts that are open.
   *
   * @return what each holds, in the order in which they were opened
   */
  public synchronized List<HeldResource> resources() {
    return List.copyOf(resources.values());
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
    return reserved.getOrDefault(owner, 0L)
        + resources.values().stream()
            .filter(resource -> resource.owner() == owner)
            .mapToLong(HeldResource::bytes)
            .sum();
  }

  /**
   * What all owners hold together.
   *
   * @return 0 to the limit
   */
  public synchronized long heldBytes() {
    return reserved.values().stream().mapToLong(Long::longValue).sum()
        + resources.values().stream().mapToLong(HeldResource::bytes).sum();
  }

  synchronized long heldBytes(MemoryAccount account) {
    HeldResource resource = resources.get(account);
    return resource == null ? 0 : resource.bytes();
  }

  synchronized void hold(MemoryAccount account, HeldResource wanted) {
    HeldResource before = resources.get(account);
    if (before == null) {
      throw new IllegalStateException("The account is closed; open another one");
    }
    requireFree(wanted.bytes() - before.bytes(), wanted.purpose());
    resources.put(account, wanted);
  }

  synchronized void close(MemoryAccount account) {
    resources.remove(account);
  }

  private void requireFree(long bytes, String purpose) {
    long free = limitBytes - heldBytes();
    if (bytes > free) {
      ByteFormat sizes = ByteFormat.apart(bytes, limitBytes, free);
      throw new OutOfMemoryException(
          "Not enough memory for "
              + purpose
              + ": "
              + sizes.of(bytes)
              + " are needed, but of the limit of "
              + sizes.of(limitBytes)
              + " only "
              + sizes.of(free)
              + " are left. Use a smaller batch, a shorter context, a narrower precision or a higher"
              + " memoryLimit.",
          bytes,
          free);
    }
  }
}
