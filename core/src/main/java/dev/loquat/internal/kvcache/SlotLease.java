package dev.loquat.internal.kvcache;

/**
 * A slot for a sequence, and how much of the sequence is cached already.
 *
 * @param slot the slot
 * @param source the slot that holds the beginning: the slot itself, or one to copy from
 * @param reusedTokens how many tokens the source holds, 0 or more
 */
public record SlotLease(int slot, int source, int reusedTokens) {

  /**
   * Whether the beginning has to be copied.
   *
   * @return true if another slot holds it
   */
  public boolean copies() {
    return source != slot;
  }
}
