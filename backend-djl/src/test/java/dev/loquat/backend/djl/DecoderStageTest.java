package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.quantization.ConversionCache;
import dev.loquat.testkit.TransformersModel;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DecoderStageTest {
  private static final CacheLayout LAYOUT = new CacheLayout(2, 64);
  private static final RaggedBatch PREFILL =
      RaggedBatch.of(
          new ForwardBatch(
              List.of(
                  new ForwardRow(1, 0, new int[] {5, 17, 200}, 1),
                  new ForwardRow(0, 0, new int[] {9}, 1))));
  private static final RaggedBatch DECODE =
      RaggedBatch.of(new ForwardBatch(List.of(new ForwardRow(1, 3, new int[] {42}, 1))));

  @BeforeAll
  static void loadPyTorch() {
    new DjlBackendProvider().supports(Device.cpu());
  }

  @ParameterizedTest
  @EnumSource
  void chainedRangesGiveTheLogitsOfTheWhole(TransformersModel model) {
    try (Checkpoint checkpoint = Checkpoint.open(Fixtures.folder(model));
        DecoderStage whole = load(checkpoint, LayerRange.all(checkpoint.config()));
        DecoderStage first = load(checkpoint, range(checkpoint, 0, 1));
        DecoderStage last = load(checkpoint, range(checkpoint, 1, layers(checkpoint)));
        StageCache wholeCache = whole.openCache(LAYOUT, MemoryLedger.unlimited());
        StageCache firstCache = first.openCache(LAYOUT, MemoryLedger.unlimited());
        StageCache lastCache = last.openCache(LAYOUT, MemoryLedger.unlimited())) {
      List.of(wholeCache, firstCache, lastCache).forEach(DecoderStageTest::makeRoom);
      for (RaggedBatch batch : List.of(PREFILL, DECODE)) {
        float[] expected = only(whole, whole.forward(batch, wholeCache)).toFloatArray();
        PtNDArray hidden = only(first, first.forward(batch, firstCache));
        float[] chained = only(last, last.forward(batch, lastCache, hidden)).toFloatArray();
        assertThat(chained).containsExactly(expected, within(1e-4f));
      }
    }
  }

  private static DecoderStage load(Checkpoint checkpoint, LayerRange range) {
    Lowering lowering = Lowering.choose(Device.cpu(), Precision.FP32, Probe::multiplies, false);
    return DecoderStage.load(checkpoint, range, "cpu", lowering, ConversionCache.off(), false);
  }

  private static LayerRange range(Checkpoint checkpoint, int first, int end) {
    return new LayerRange(first, end, layers(checkpoint));
  }

  private static int layers(Checkpoint checkpoint) {
    return checkpoint.config().layers().size();
  }

  private static void makeRoom(StageCache cache) {
    cache.ensure(0, 8);
    cache.ensure(1, 8);
  }

  private static PtNDArray only(DecoderStage stage, IValue result) {
    try (result) {
      return result.toTensorArray(stage.module().arrays())[0];
    }
  }
}
