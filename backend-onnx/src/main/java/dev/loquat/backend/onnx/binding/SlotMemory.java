package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.CacheLayout;
import dev.loquat.device.NativeHeap;
import dev.loquat.error.BackendException;
import dev.loquat.memory.MemoryAccount;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.MemoryOwner;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The memory of a session's slots: the KV cache, the rotary tables that are at least as long, and
 * what is bound of both.
 *
 * <p>Bindings are closed before the memory under them.
 */
public final class SlotMemory implements AutoCloseable {
  private static final int KEPT_BINDINGS = 32;

  private final LoadedDecoder decoder;
  private final MemoryAccount account;
  private final KvCache cache;
  private final RotaryTables rotaries;
  private final Map<SlotRange, SlotBinding> bindings = new LinkedHashMap<>();

  /**
   * Allocates the memory that an empty cache needs.
   *
   * @param decoder the model
   * @param layout the slots
   * @param ledger accounts for the cache
   * @throws BackendException if there is not enough
   * @throws OrtException if the device has not enough
   */
  public SlotMemory(LoadedDecoder decoder, CacheLayout layout, MemoryLedger ledger)
      throws OrtException {
    this.decoder = decoder;
    TensorMemory memory = decoder.path().memory();
    this.cache = new KvCache(decoder.attentions(), decoder.cacheType(), layout, memory);
    this.rotaries = new RotaryTables(decoder.rotaries(), decoder.rotaryType(), memory);
    this.account = ledger.open(MemoryOwner.KV_CACHE);
    try {
      account.hold(cache.byteLength(), purpose(cache.capacity()));
    } catch (RuntimeException | Error e) {
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
   * @throws OrtException if the device has not enough; what slots hold stays
   */
  public void reserve(int positions) throws OrtException {
    if (positions > cache.capacity() || cache.isUneven()) {
      resize(Math.max(cache.capacity(), cache.capacityFor(positions)));
    }
    if (rotaries.positions() < cache.capacity()) {
      closeBindings();
      rotaries.resize(cache.capacity());
    }
  }

  /**
   * Gives back room that no slot needs.
   *
   * @throws OrtException if the runtime can't copy what slots hold; it stays
   */
  public void shrink() throws OrtException {
    int needed = cache.capacityFor(cache.longest());
    if (needed < cache.capacity() || cache.isUneven()) {
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

  SlotBinding binding(SlotRange range) throws OrtException {
    SlotBinding known = bindings.get(range);
    if (known != null) {
      return known;
    }
    if (bindings.size() == KEPT_BINDINGS) {
      closeBindings();
    }
    SlotBinding binding = BoundSlots.of(decoder, cache, rotaries, range);
    bindings.put(range, binding);
    return binding;
  }

  private void resize(int capacity) throws OrtException {
    closeBindings();
    account.hold(cache.byteLength(capacity), purpose(capacity));
    try {
      cache.resize(capacity);
    } catch (OrtException | RuntimeException | Error e) {
      account.hold(cache.byteLength(), purpose(cache.capacity()));
      throw e;
    }
    NativeHeap.trim();
  }

  private static String purpose(int capacity) {
    return "a KV cache of " + capacity + " tokens in each slot";
  }

  private void closeBindings() {
    bindings.values().forEach(SlotBinding::close);
    bindings.clear();
  }
}
