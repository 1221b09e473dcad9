package dev.loquat.backend.djl;

import ai.djl.pytorch.jni.IValue;
import dev.loquat.backend.CacheLayout;
import dev.loquat.device.NativeHeap;
import dev.loquat.memory.MemoryAccount;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.MemoryOwner;

/**
 * A stage's KV cache. Every slot is as long as its sequence needed so far, rounded up by doubling.
 */
final class StageCache implements AutoCloseable {
  private static final int FIRST_CAPACITY = 128;

  private final TorchModule module;
  private final CacheLayout layout;
  private final long tokenBytes;
  private final MemoryAccount account;
  private final IValue tensors;
  private final int[] capacities;

  /**
   * Opens an empty cache.
   *
   * @param tokenBytes what one token takes in all layers
   * @param ledger accounts for the cache
   */
  StageCache(TorchModule module, CacheLayout layout, long tokenBytes, MemoryLedger ledger) {
    this.module = module;
    this.layout = layout;
    this.tokenBytes = tokenBytes;
    this.capacities = new int[layout.slots()];
    this.tensors = module.call("new_cache").with(layout.slots()).run();
    this.account = ledger.open(MemoryOwner.KV_CACHE);
  }

  /** The program's list of tensors; stays the cache's. */
  IValue tensors() {
    return tensors;
  }

  /** Makes room for a sequence. */
  void ensure(int slot, int tokens) {
    if (tokens <= capacities[slot]) {
      return;
    }
    int capacity = grown(capacities[slot], tokens, layout.contextLength());
    long before = allocatedBytes();
    account.hold(
        before + (capacity - capacities[slot]) * tokenBytes,
        "a KV cache of " + capacity + " tokens in slot " + slot);
    grow(slot, capacity);
    NativeHeap.trim();
  }

  private void grow(int slot, int capacity) {
    try {
      module.call("grow_slot").lent(tensors).with(slot).with(capacity).runForNothing();
      capacities[slot] = capacity;
    } finally {
      account();
    }
  }

  /** What is allocated, which is never more than was held before. */
  private void account() {
    account.hold(allocatedBytes(), "the KV cache");
  }

  /** Twice the capacity until the tokens fit, but no more than the limit. */
  static int grown(int capacity, int tokens, int limit) {
    return (int) Math.min(Math.max(capacity, room(tokens)), limit);
  }

  /** The first of the capacities, each twice the one before, that tokens fit in. */
  static long room(int tokens) {
    long room = FIRST_CAPACITY;
    while (room < tokens) {
      room *= 2;
    }
    return room;
  }

  /** Copies the beginning of a slot, as far as anything was ever written there. */
  void copy(int from, int to, int tokens) {
    int written = Math.min(tokens, capacities[from]);
    if (written == 0 || from == to) {
      return;
    }
    ensure(to, written);
    module.call("copy_slot").lent(tensors).with(from).with(to).with(written).runForNothing();
  }

  /** Gives the memory of a slot back. */
  void clear(int slot) {
    if (capacities[slot] > 0) {
      module.call("clear_slot").lent(tensors).with(slot).runForNothing();
      capacities[slot] = 0;
      account();
    }
  }

  long slotBytes(int slot) {
    return capacities[slot] * tokenBytes;
  }

  long allocatedBytes() {
    long tokens = 0;
    for (int capacity : capacities) {
      tokens += capacity;
    }
    return tokens * tokenBytes;
  }

  @Override
  public void close() {
    tensors.close();
    account.close();
  }
}
