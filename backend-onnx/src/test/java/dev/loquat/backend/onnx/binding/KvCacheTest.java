package dev.loquat.backend.onnx.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.onnx.RandomCheckpoint;
import dev.loquat.backend.onnx.graph.OnnxType;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.error.BackendException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KvCacheTest {
  private static final int LAYERS = 2;
  private static final SlotRange FIRST = new SlotRange(0, 1);

  private final List<NativeBlock> blocks = new ArrayList<>();
  private int allowed = Integer.MAX_VALUE;
  private int refusals = Integer.MAX_VALUE;

  @Test
  void keepsWhatSlotsHoldWhenItGrows() throws OrtException {
    try (KvCache cache = cache()) {
      memory(cache.keys(1)).putFloat(0, 7);
      cache.setLength(0, 1);
      cache.resize(512);
      assertThat(cache.capacity()).isEqualTo(512);
      assertThat(memory(cache.keys(1)).getFloat(0)).isEqualTo(7);
    }
  }

  @Test
  void goesBackWhenOneBlockOfALargerCacheCanNotBeHad() throws OrtException {
    try (KvCache cache = cache()) {
      memory(cache.keys(0)).putFloat(0, 7);
      cache.setLength(0, 1);
      long bytes = cache.byteLength();
      allowed = blocks.size() + 2;
      refusals = 1;
      assertThatExceptionOfType(BackendException.class).isThrownBy(() -> cache.resize(512));
      assertThat(cache.capacity()).isEqualTo(256);
      assertThat(cache.isUneven()).isFalse();
      assertThat(cache.byteLength()).isEqualTo(bytes);
      assertThat(memory(cache.keys(0)).getFloat(0)).isEqualTo(7);
    }
  }

  @Test
  void capacityBeforeIsWhatItGrowsFromLast() {
    assertThat(KvCache.capacityBefore(256)).isZero();
    assertThat(KvCache.capacityBefore(257)).isEqualTo(256);
    assertThat(KvCache.capacityBefore(1024)).isEqualTo(512);
    assertThat(KvCache.capacityBefore(1025)).isEqualTo(1024);
  }

  @Test
  void keepsWhatSlotsHoldWhenOneBlockOfALargerCacheCanNotBeHad() throws OrtException {
    try (KvCache cache = cache()) {
      memory(cache.keys(0)).putFloat(0, 7);
      memory(cache.values(1)).putFloat(0, 8);
      cache.setLength(0, 1);
      long bytes = cache.byteLength();
      allowed = blocks.size() + 2;
      assertThatExceptionOfType(BackendException.class).isThrownBy(() -> cache.resize(512));

      assertThat(cache.capacity()).as("what every tensor has room for").isEqualTo(256);
      assertThat(cache.isUneven()).isTrue();
      assertThat(cache.byteLength()).as("two of four have moved").isEqualTo(bytes * 3 / 2);
      assertThat(memory(cache.keys(0)).getFloat(0)).isEqualTo(7);
      assertThat(memory(cache.values(1)).getFloat(0)).isEqualTo(8);

      allowed = Integer.MAX_VALUE;
      cache.resize(512);
      assertThat(cache.isUneven()).isFalse();
      assertThat(cache.capacity()).isEqualTo(512);
      assertThat(cache.byteLength()).isEqualTo(bytes * 2).isEqualTo(cache.byteLength(512));
      assertThat(memory(cache.keys(0)).getFloat(0)).isEqualTo(7);
      assertThat(memory(cache.values(1)).getFloat(0)).isEqualTo(8);
    }
  }

  @Test
  void givesBackItsBlocksWhenOneMoreCanNotBeHad() {
    allowed = 3;
    assertThatExceptionOfType(BackendException.class).isThrownBy(this::cache);
    assertThat(blocks).hasSize(3).allSatisfy(KvCacheTest::isClosed);
  }

  private static ByteBuffer memory(CacheTensor tensor) {
    TensorView view = tensor.view(FIRST);
    return NativeBlock.of(view.block()).view(view.offset(), view.byteLength());
  }

  private KvCache cache() throws OrtException {
    return new KvCache(
        RandomCheckpoint.model(LAYERS).layers().stream().map(LayerConfig::attention).toList(),
        OnnxType.FLOAT,
        new CacheLayout(2, 1024),
        new Rationed());
  }

  /** The machine's memory, of which only so many blocks can be had. */
  private final class Rationed implements TensorMemory {
    private final HostMemory memory = new HostMemory(NativeBlock.MAX_VIEW_BYTES);

    @Override
    public Block allocate(long byteLength, String purpose) {
      if (blocks.size() == allowed && refusals-- > 0) {
        throw new BackendException("no memory for " + purpose);
      }
      NativeBlock block = memory.allocate(byteLength, purpose);
      blocks.add(block);
      return block;
    }

    @Override
    public Block take(NativeBlock block, String purpose) {
      return memory.take(block, purpose);
    }

    @Override
    public void copy(SlotRegion from, SlotRegion to, int positions) {
      memory.copy(from, to, positions);
    }

    @Override
    public void read(Block block, long offset, float[] destination, int count) {
      memory.read(block, offset, destination, count);
    }

    @Override
    public long maxTensorBytes() {
      return memory.maxTensorBytes();
    }

    @Override
    public void close() {
      memory.close();
    }
  }

  private static void isClosed(NativeBlock block) {
    assertThatIllegalStateException().isThrownBy(block::view);
  }
}
