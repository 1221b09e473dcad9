package dev.loquat.backend.onnx.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.onnx.RandomCheckpoint;
import dev.loquat.backend.onnx.graph.OnnxType;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.error.BackendException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KvCacheTest {
  private static final int LAYERS = 2;
  private static final SlotRange FIRST = new SlotRange(0, 1);

  private final List<NativeBlock> blocks = new ArrayList<>();
  private int allowed = Integer.MAX_VALUE;

  @Test
  void keepsWhatSlotsHoldWhenItGrows() {
    try (KvCache cache = cache()) {
      cache.keys(1).view(FIRST).putFloat(0, 7);
      cache.setLength(0, 1);
      cache.resize(512);
      assertThat(cache.capacity()).isEqualTo(512);
      assertThat(cache.keys(1).view(FIRST).getFloat(0)).isEqualTo(7);
    }
  }

  @Test
  void staysAsItWasWhenOneBlockOfALargerCacheCanNotBeHad() {
    try (KvCache cache = cache()) {
      cache.keys(0).view(FIRST).putFloat(0, 7);
      cache.setLength(0, 1);
      long bytes = cache.byteLength();
      allowed = blocks.size() + 2;
      assertThatExceptionOfType(BackendException.class).isThrownBy(() -> cache.resize(512));

      assertThat(cache.capacity()).isEqualTo(256);
      assertThat(cache.byteLength()).isEqualTo(bytes);
      assertThat(cache.keys(0).shape(FIRST)).isEqualTo(cache.keys(1).shape(FIRST));
      assertThat(cache.keys(0).view(FIRST).getFloat(0)).isEqualTo(7);
      assertThat(blocks.subList(2 * LAYERS, blocks.size())).allSatisfy(KvCacheTest::isClosed);
    }
  }

  @Test
  void givesBackItsBlocksWhenOneMoreCanNotBeHad() {
    allowed = 3;
    assertThatExceptionOfType(BackendException.class).isThrownBy(this::cache);
    assertThat(blocks).hasSize(3).allSatisfy(KvCacheTest::isClosed);
  }

  private KvCache cache() {
    return new KvCache(
        RandomCheckpoint.model(LAYERS).layers().stream().map(LayerConfig::attention).toList(),
        OnnxType.FLOAT,
        new CacheLayout(2, 1024),
        this::allocate);
  }

  private NativeBlock allocate(long byteLength, String purpose) {
    if (blocks.size() == allowed) {
      throw new BackendException("no memory for " + purpose);
    }
    NativeBlock block = NativeBlock.allocate(byteLength, purpose);
    blocks.add(block);
    return block;
  }

  private static void isClosed(NativeBlock block) {
    assertThatIllegalStateException().isThrownBy(block::view);
  }
}
