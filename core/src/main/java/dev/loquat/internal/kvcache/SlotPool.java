package dev.loquat.internal.kvcache;

import java.util.BitSet;

/**
 * Which slots of a KV cache are taken.
 *
 * <p>Not thread-safe: owned by the engine thread.
 */
public final class SlotPool {
  private final int slots;
  private final BitSet taken = new BitSet();

  /**
   * Creates a pool with every slot free.
   *
   * @param slots how many there are, 1 or more
   */
  public SlotPool(int slots) {
    if (slots < 1) {
      throw new IllegalArgumentException("slots is " + slots + "; expected 1 or more");
    }
    this.slots = slots;
  }

  /**
   * Takes a slot.
   *
   * @param slot a slot that is free
   * @throws IllegalStateException if it is taken
   */
  public void acquire(int slot) {
    if (!isFree(slot)) {
      throw new IllegalStateException("Slot " + slot + " is not free");
    }
    taken.set(slot);
  }

  /**
   * Whether a slot can be taken.
   *
   * @param slot the slot
   * @return true if it exists and is free
   */
  public boolean isFree(int slot) {
    return slot >= 0 && slot < slots && !taken.get(slot);
  }

  /**
   * The slots that are free.
   *
   * @return 0 to all
   */
  public int freeSlots() {
    return slots - takenSlots();
  }

  /**
   * Gives a slot back.
   *
   * @param slot a slot that is taken
   * @throws IllegalStateException if it is free
   */
  public void release(int slot) {
    if (slot < 0 || !taken.get(slot)) {
      throw new IllegalStateException("Slot " + slot + " is not taken");
    }
    taken.clear(slot);
  }

  /**
   * The slots that are taken.
   *
   * @return 0 to all
   */
  public int takenSlots() {
    return taken.cardinality();
  }
}
