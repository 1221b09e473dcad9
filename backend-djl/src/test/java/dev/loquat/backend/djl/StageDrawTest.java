package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import dev.loquat.backend.Logits;
import dev.loquat.backend.TokenDraw;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.quantization.ConversionCache;
import dev.loquat.testkit.TransformersModel;
import dev.loquat.testkit.reference.ReferenceDraw;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Draws from logits that a model seldom gives: equal ones, and what is no number. */
class StageDrawTest {
  private static final float NONE = Float.NEGATIVE_INFINITY;
  private static final float[][] ROWS = {
    {1, 3, 3, NONE, 3},
    {NONE, NONE, NONE, NONE, NONE},
    {1, Float.NaN, 2, 0, NONE},
    {1, Float.POSITIVE_INFINITY, 2, 0, NONE},
    {-2, NONE, NONE, NONE, NONE},
    {2, 2, NONE, 2, 2},
  };

  @BeforeAll
  static void loadPyTorch() {
    new DjlBackendProvider().supports(Device.cpu());
  }

  @Test
  void likeliestIsTheLowestIdAmongEquals() {
    assertThat(draw(new TokenDraw(0, 1, 1, 1, 0, 0))).containsExactly(1);
  }

  @Test
  void equalsOfTheLastOneKeptAreKept() {
    assertThat(
            draw(
                new TokenDraw(0, 1, 1, 1, 0, 0.3),
                new TokenDraw(0, 1, 1, 1, 0, 0.4),
                new TokenDraw(0, 1, 1, 1, 0, 0.99)))
        .containsExactly(1, 2, 4);
  }

  @Test
  void massIsReachedByLowerIdsFirstAmongEquals() {
    assertThat(draw(new TokenDraw(0, 1, 0, 0.3, 0, 0.99), new TokenDraw(0, 1, 0, 0.35, 0, 0.99)))
        .containsExactly(1, 2);
  }

  @Test
  void massAndLeastPartMayBeReachedExactlyButNoShare() {
    assertThat(
            draw(
                new TokenDraw(5, 1, 0, 0.5, 0, 0.99),
                new TokenDraw(5, 1, 0, 1, 1, 0.99),
                new TokenDraw(5, 1, 0, 1, 0, 0.5),
                new TokenDraw(5, 1, 0, 1, 0, Math.nextDown(0.5))))
        .containsExactly(1, 4, 3, 1);
  }

  @Test
  void rowsWithoutNumbersGiveNoToken() {
    assertThat(draw(likeliest(1), likeliest(2), likeliest(3), likeliest(4)))
        .containsExactly(Logits.NO_TOKEN, Logits.NO_TOKEN, Logits.NO_TOKEN, 0);
  }

  @Test
  void agreesWithTheNaiveDraw() {
    List<TokenDraw> draws =
        IntStream.range(0, 200)
            .mapToObj(i -> new TokenDraw(i % ROWS.length, 0.5 + i % 3, i % 6, 1, 0, i / 200.0))
            .toList();
    int[] tokens = draw(draws.toArray(TokenDraw[]::new));
    for (int i = 0; i < tokens.length; i++) {
      TokenDraw one = draws.get(i);
      assertThat(ReferenceDraw.possible(ROWS[one.row()], one, 1e-9))
          .as("%s", one)
          .contains(tokens[i]);
    }
  }

  private static TokenDraw likeliest(int row) {
    return new TokenDraw(row, 1, 1, 1, 0, 0);
  }

  /** From two blocks of rows, as of a vocabulary too large for one. */
  private static int[] draw(TokenDraw... draws) {
    try (Checkpoint checkpoint = Checkpoint.open(Fixtures.folder(TransformersModel.LLAMA));
        DecoderStage stage = stage(checkpoint);
        PtNDArray first = block(stage, ROWS[0], ROWS[1], ROWS[2]);
        PtNDArray second = block(stage, ROWS[3], ROWS[4], ROWS[5])) {
      return stage.draw(new PtNDArray[] {first, second}, List.of(draws));
    }
  }

  private static DecoderStage stage(Checkpoint checkpoint) {
    Lowering lowering = Lowering.choose(Device.cpu(), Precision.FP32, Probe::multiplies, false);
    LayerRange all = LayerRange.all(checkpoint.config());
    return DecoderStage.load(checkpoint, all, "cpu", lowering, ConversionCache.off(), true);
  }

  private static PtNDArray block(DecoderStage stage, float[]... rows) {
    int width = rows[0].length;
    ByteBuffer numbers =
        ByteBuffer.allocateDirect(rows.length * width * Float.BYTES).order(ByteOrder.nativeOrder());
    for (float[] row : rows) {
      for (float number : row) {
        numbers.putFloat(number);
      }
    }
    Shape shape = new Shape(rows.length, width);
    return stage.module().arrays().create(numbers.rewind(), shape, DataType.FLOAT32);
  }
}
