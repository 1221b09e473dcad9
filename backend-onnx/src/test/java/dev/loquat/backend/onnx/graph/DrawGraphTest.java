package dev.loquat.backend.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.loquat.backend.Logits;
import dev.loquat.backend.TokenDraw;
import dev.loquat.testkit.reference.ReferenceDraw;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Draws from rows of many widths, from equal logits, and from what is no number. */
class DrawGraphTest {
  private static final float NONE = Float.NEGATIVE_INFINITY;
  private static final float[][] ROWS = {
    {1, 3, 3, NONE, 3},
    {NONE, NONE, NONE, NONE, NONE},
    {1, Float.NaN, 2, 0, NONE},
    {1, Float.POSITIVE_INFINITY, 2, 0, NONE},
    {-2, NONE, NONE, NONE, NONE},
    {Float.NaN, Float.NaN, Float.NaN, Float.NaN, Float.NaN},
    {-0f, 0, -1, -0f, NONE},
    {2, 2, NONE, 2, 2},
  };

  private final OrtEnvironment environment =
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "loquat");

  @Test
  void likeliestIsTheLowestIdAmongEquals() throws OrtException {
    assertThat(drawn(ROWS, likeliest(0), likeliest(6))).containsExactly(1, 0);
    assertThat(likeliest(ROWS, 0, 6)).containsExactly(1, 0);
  }

  @Test
  void equalsOfTheLastOneKeptAreKept() throws OrtException {
    assertThat(
            drawn(
                ROWS,
                new TokenDraw(0, 1, 1, 1, 0, 0.3),
                new TokenDraw(0, 1, 1, 1, 0, 0.4),
                new TokenDraw(0, 1, 1, 1, 0, 0.99)))
        .containsExactly(1, 2, 4);
  }

  @Test
  void massIsReachedByLowerIdsFirstAmongEquals() throws OrtException {
    assertThat(
            drawn(
                ROWS, new TokenDraw(0, 1, 0, 0.3, 0, 0.99), new TokenDraw(0, 1, 0, 0.35, 0, 0.99)))
        .containsExactly(1, 2);
  }

  @Test
  void massAndLeastPartMayBeReachedExactlyButNoShare() throws OrtException {
    assertThat(
            drawn(
                ROWS,
                new TokenDraw(7, 1, 0, 0.5, 0, 0.99),
                new TokenDraw(7, 1, 0, 1, 1, 0.99),
                new TokenDraw(7, 1, 0, 1, 0, 0.5),
                new TokenDraw(7, 1, 0, 1, 0, Math.nextDown(0.5))))
        .containsExactly(1, 4, 3, 1);
  }

  @Test
  void rowsWithoutNumbersGiveNoToken() throws OrtException {
    int none = Logits.NO_TOKEN;
    TokenDraw[] draws =
        IntStream.range(1, 6).mapToObj(DrawGraphTest::likeliest).toArray(TokenDraw[]::new);
    assertThat(drawn(ROWS, draws)).containsExactly(none, none, none, 0, none);
    assertThat(likeliest(ROWS, 1, 2, 3, 4, 5)).containsExactly(none, none, none, 0, none);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 255, 256, 257, 1500})
  void agreesWithTheNaiveDraw(int vocabulary) throws OrtException {
    Random random = new Random(vocabulary);
    float[][] rows = rows(random, vocabulary);
    TokenDraw[] draws =
        IntStream.range(0, 200)
            .mapToObj(i -> draw(random, i % rows.length, vocabulary))
            .toArray(TokenDraw[]::new);
    int[] tokens = drawn(rows, draws);
    for (int i = 0; i < tokens.length; i++) {
      assertThat(ReferenceDraw.possible(rows[draws[i].row()], draws[i], 1e-9))
          .as("%s", draws[i])
          .contains(tokens[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 255, 256, 257, 1500})
  void findsTheLikeliest(int vocabulary) throws OrtException {
    float[][] rows = rows(new Random(vocabulary), vocabulary);
    int[] expected =
        IntStream.range(0, rows.length)
            .map(row -> ReferenceDraw.of(rows[row], likeliest(row)))
            .toArray();
    assertThat(likeliest(rows, IntStream.range(0, rows.length).toArray())).isEqualTo(expected);
  }

  /** Some of numbers that are often equal, some hidden, some that differ. */
  private static float[][] rows(Random random, int vocabulary) {
    float[][] rows = new float[5][vocabulary];
    for (int i = 0; i < rows.length; i++) {
      for (int id = 0; id < vocabulary; id++) {
        float number = (float) (2 * random.nextGaussian());
        rows[i][id] = i % 2 == 0 ? number : random.nextInt(3) == 0 ? NONE : Math.round(number);
      }
    }
    return rows;
  }

  private static TokenDraw draw(Random random, int row, int vocabulary) {
    return new TokenDraw(
        row,
        random.nextBoolean() ? 1 : 0.2 + 2 * random.nextDouble(),
        random.nextBoolean() ? 0 : 1 + random.nextInt(vocabulary + 9),
        random.nextBoolean() ? 1 : 0.05 + 0.95 * random.nextDouble(),
        random.nextBoolean() ? 0 : 0.5 * random.nextDouble(),
        random.nextInt(8) == 0 ? 0 : random.nextDouble());
  }

  private static TokenDraw likeliest(int row) {
    return new TokenDraw(row, 1, 1, 1, 0, 0);
  }

  private int[] drawn(float[][] rows, TokenDraw... draws) throws OrtException {
    int width = rows[0].length;
    long[][] last = new long[draws.length][1];
    double[][] rules = new double[draws.length][];
    for (int i = 0; i < draws.length; i++) {
      TokenDraw draw = draws[i];
      last[i][0] = draw.topK() == 0 ? width - 1L : Math.min(draw.topK(), width) - 1L;
      rules[i] = new double[] {draw.temperature(), draw.topP(), draw.minP(), draw.uniform()};
    }
    int[] from = List.of(draws).stream().mapToInt(TokenDraw::row).toArray();
    return run(
        DrawGraph.model(width),
        rows,
        from,
        Map.of(DrawGraph.LAST_KEPT, last, DrawGraph.RULES, rules));
  }

  private int[] likeliest(float[][] rows, int... from) throws OrtException {
    return run(LikeliestGraph.model(rows[0].length), rows, from, Map.of());
  }

  private int[] run(byte[] model, float[][] logits, int[] from, Map<String, Object> rules)
      throws OrtException {
    Map<String, Object> numbers = new HashMap<>(rules);
    numbers.put(DrawGraph.LOGITS, logits);
    numbers.put(
        DrawGraph.ROWS,
        IntStream.of(from).mapToObj(row -> new long[] {row}).toArray(long[][]::new));
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try (OrtSession session = environment.createSession(model)) {
      for (Map.Entry<String, Object> entry : numbers.entrySet()) {
        inputs.put(entry.getKey(), OnnxTensor.createTensor(environment, entry.getValue()));
      }
      try (OrtSession.Result result = session.run(inputs)) {
        int[][] tokens = (int[][]) result.get(0).getValue();
        return List.of(tokens).stream().mapToInt(token -> token[0]).toArray();
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }
}
