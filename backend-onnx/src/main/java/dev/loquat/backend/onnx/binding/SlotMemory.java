package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.CacheLayout;
import dev.loquat.device.NativeHeap;
import dev.loquat.error.BackendException;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.memory.MemoryAccount;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.MemoryOwner;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The memory of a session's slots: the KV cache, the rotary tables that are at least as long, and
 * the runtime's tensors over both.
 *
 * <p>Tensors are closed before the memory under them.
 */
public final class SlotMemory implements AutoCloseable {
  private static final int KEPT_BINDINGS = 32;

  private final LoadedDecoder decoder;
  private final MemoryAccount account;
  private final KvCache cache;
  private final RotaryTables rotaries;
  private final Map<SlotRange, BoundSlots> bindings = new LinkedHashMap<>();

  /**
   * Allocates the memory that an empty cache needs.
   *
   * @param decoder the model
   * @param layout the slots
   * @param ledger accounts for the cache
   * @throws BackendException if there is not enough
   */
  public SlotMemory(LoadedDecoder decoder, CacheLayout layout, MemoryLedger ledger) {
    this.decoder = decoder;
    this.cache = new KvCache(decoder.attentions(), decoder.cacheType(), layout);
    this.rotaries = new RotaryTables(decoder.rotaries(), decoder.type());
    this.account = ledger.open(MemoryOwner.KV_CACHE);
    try {
      account.hold(cache.byteLength(), purpose(cache.capacity()));
    } catch (OutOfMemoryException e) {
      close();
      throw e;
    }
  }

  /**
   * The cache.
   *
   * @return owned by this
   */
  public KvCache cache() {
    return cache;
  }

  /**
   * Makes room for positions, twice as much as there was where that is not enough.
   *
   * @param positions at most the layout's context length
   * @throws BackendException if there is not enough memory; what slots hold stays
   */
  public void reserve(int positions) {
    if (positions > cache.capacity()) {
      resize(cache.capacityFor(positions));
    }
    if (rotaries.positions() < cache.capacity()) {
      closeBindings();
      rotaries.resize(cache.capacity());
    }
  }

  /** Gives back room that no slot needs. */
  public void shrink() {
    int needed = cache.capacityFor(cache.longest());
    if (needed < cache.capacity()) {
      resize(needed);
    }
  }

  /**
   * The bytes held.
   *
   * @return cache and tables
   */
  public long byteLength() {
    return cache.byteLength() + rotaries.byteLength();
  }

  @Override
  public void close() {
    closeBindings();
    cache.close();
    rotaries.close();
    account.close();
  }

  BoundSlots bound(SlotRange range) throws OrtException {
    BoundSlots known = bindings.get(range);
    if (known != null) {
      return known;
    }
    if (bindings.size() == KEPT_BINDINGS) {
      closeBindings();
    }
    BoundSlots bound = BoundSlots.of(decoder, cache, rotaries, range);
    bindings.put(range, bound);
    return bound;
  }

  private void resize(int capacity) {
    closeBindings();
    long before = cache.byteLength();
    account.hold(before / cache.capacity() * capacity, purpose(capacity));
    try {
      cache.resize(capacity);
    } catch (RuntimeException | Error e) {
      account.hold(cache.byteLength(), purpose(cache.capacity()));
      throw e;
    }
    NativeHeap.trim();
  }

  private static String purpose(int capacity) {
    return "a KV cache of " + capacity + " tokens in each slot";
  }

  private void closeBindings() {
    bindings.values().forEach(BoundSlots::close);
    bindings.clear();
  }
}
