package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.onnx.graph.WeightStacks;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.error.CheckpointException;
import dev.loquat.quantization.ConversionCache;
import dev.loquat.quantization.ConversionReport.Origin;
import dev.loquat.quantization.QuantizationPlan;
import dev.loquat.quantization.QuantizedMatrix;
import dev.loquat.quantization.QuantizedWeights;
import dev.loquat.quantization.WeightStack;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Products with integers against products with the floating-point numbers that they stand for: what
 * is left is the rounding of activations to 8 bits.
 */
class IntegerProductsTest {
  private static final ModelConfig MODEL = RandomCheckpoint.model(2, 544);
  private static final CacheLayout LAYOUT = new CacheLayout(2, 16);
  private static final int[] TOKENS = {3, 60, 17, 9, 33};

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"INT8", "INT4", "INT4_SYMMETRIC"})
  void areThoseOfTheNumbersThatTheyStandFor(Precision precision) {
    assertProducts(MODEL, precision);
  }

  @Test
  void areThoseOfTheNumbersWhereTheLastBlockIsNotFull() {
    assertProducts(RandomCheckpoint.model(2, 532), Precision.INT4);
  }

  private void assertProducts(ModelConfig model, Precision precision) {
    RandomCheckpoint checkpoint = RandomCheckpoint.write(model, folder.resolve("exact"));
    Iterator<Float> numbers = dequantized(checkpoint, precision).iterator();
    RandomCheckpoint rounded =
        RandomCheckpoint.write(model, folder.resolve("rounded"), weight -> numbers.next());
    float[] expected = logits(rounded, Precision.FP32, ConversionCache.off());
    float[] inMemory = logits(checkpoint, precision, ConversionCache.off());
    float[] inFile = logits(checkpoint, precision, ConversionCache.in(folder.resolve("kept")));
    assertThat(inFile).isEqualTo(inMemory);
    assertThat(largestDifference(inMemory, expected)).isBetween(1e-6, 0.08);
    float[] exact = logits(checkpoint, Precision.FP32, ConversionCache.off());
    assertThat(largestDifference(inMemory, expected) * (precision == Precision.INT8 ? 0.5 : 4))
        .isLessThan(largestDifference(exact, expected));
  }

  @Test
  void reportsWhereConvertedWeightsCameFrom() {
    Checkpoint checkpoint = RandomCheckpoint.write(MODEL, folder);
    ConversionCache cache = ConversionCache.in(folder.resolve("kept"));
    for (Origin origin : List.of(Origin.CONVERTED, Origin.CACHE)) {
      try (Backend backend = open(checkpoint, Precision.INT4, cache)) {
        assertThat(backend.conversion().orElseThrow().origin()).isEqualTo(origin);
      }
    }
    try (Backend backend = open(checkpoint, Precision.FP32, cache)) {
      assertThat(backend.conversion()).isEmpty();
    }
  }

  @Test
  void saysWhichWeightsStayWider() {
    Checkpoint checkpoint = RandomCheckpoint.write(MODEL, folder);
    try (Backend backend = open(checkpoint, Precision.INT4, ConversionCache.off())) {
      assertThat(backend.precision())
          .hasToString(
              "INT4 weights, FP32 compute (INT4 requested: blocks are multiplied as 8-bit integers"
                  + " and summed in FP32); wider: [head in INT8, matrices of up to 512 inputs in"
                  + " INT8, embedding in FP32, norms and biases in FP32]");
    }
  }

  @Test
  void holdsNarrowMatricesInEightBitsWhereThatIsNotForbidden() {
    RandomCheckpoint checkpoint = RandomCheckpoint.write(MODEL, folder);
    assertThat(bits(checkpoint, Precision.INT4)).containsExactly(8, 8, 8, 4, 8, 8, 8, 4, 8);
    assertThat(bits(checkpoint, Precision.INT4_SYMMETRIC))
        .containsExactly(4, 4, 4, 4, 4, 4, 4, 4, 8);
  }

  @Test
  void refusesWeightsThatAreNoNumbers() {
    Checkpoint checkpoint =
        RandomCheckpoint.write(MODEL, folder, weight -> weight > 0.7f ? Float.NaN : weight);
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> open(checkpoint, Precision.INT8, ConversionCache.off()))
        .withMessageContaining("holds NaN");
  }

  private static List<Integer> bits(Checkpoint checkpoint, Precision precision) {
    LayerRange all = LayerRange.all(checkpoint.config());
    return WeightStacks.of(checkpoint, all, QuantizationPlan.of(precision)).stream()
        .map(stack -> stack.format().bits())
        .toList();
  }

  private static Backend open(Checkpoint checkpoint, Precision precision, ConversionCache cache) {
    return new OnnxBackendProvider()
        .open(checkpoint, new BackendOptions(Device.cpu(), precision, 2, cache));
  }

  private static float[] logits(Checkpoint checkpoint, Precision precision, ConversionCache cache) {
    try (Backend backend = open(checkpoint, precision, cache);
        DecoderSession session = backend.openSession(LAYOUT)) {
      Steps.last(session, 1, TOKENS);
      return Steps.forward(session, Steps.row(1, TOKENS.length, 8))[0];
    }
  }

  /** All weights in the order of the file, matrices as what their blocks stand for. */
  private static List<Float> dequantized(RandomCheckpoint checkpoint, Precision precision) {
    List<WeightStack> stacks =
        WeightStacks.of(
            checkpoint, LayerRange.all(checkpoint.config()), QuantizationPlan.of(precision));
    Map<String, float[]> rounded = new HashMap<>();
    try (QuantizedWeights weights = QuantizedWeights.of(stacks, ConversionCache.off(), 1)) {
      for (WeightStack stack : stacks) {
        QuantizedMatrix matrix = weights.matrix(stack.name());
        long row = 0;
        for (Tensor tensor : stack.tensors()) {
          rounded.put(tensor.info().name(), elements(weights, matrix, row, tensor));
          row += tensor.info().shape().get(0);
        }
      }
    }
    return checkpoint.inOrder().stream()
        .flatMap(
            tensor -> {
              float[] elements = rounded.getOrDefault(tensor.info().name(), read(tensor));
              return IntStream.range(0, elements.length).mapToObj(i -> elements[i]);
            })
        .toList();
  }

  private static float[] read(Tensor tensor) {
    float[] elements = new float[(int) tensor.info().elements()];
    tensor.read(0, FloatBuffer.wrap(elements));
    return elements;
  }

  private static float[] elements(
      QuantizedWeights weights, QuantizedMatrix matrix, long firstRow, Tensor tensor) {
    float[] elements = new float[(int) tensor.info().elements()];
    for (int i = 0; i < elements.length; i++) {
      long row = firstRow + i / matrix.inputs();
      elements[i] = element(weights, matrix, row, (int) (i % matrix.inputs()));
    }
    return elements;
  }

  private static float element(
      QuantizedWeights weights, QuantizedMatrix matrix, long row, int input) {
    int bits = matrix.format().bits();
    long block = row * matrix.blocks() + input / 32;
    long place = matrix.codesPosition() + block * matrix.format().blockBytes();
    int both = bytes(weights, place + input % 32 * bits / 8, 1).get(0) & 0xff;
    int code = bits == 8 ? both : input % 2 == 0 ? both & 15 : both >> 4;
    float scale = bytes(weights, matrix.scalesPosition() + 4 * block, 4).getFloat(0);
    float offset =
        matrix.format().offset()
            ? bytes(weights, matrix.offsetsPosition() + 4 * block, 4).getFloat(0)
            : 0;
    return scale * (code - (bits == 8 ? 128 : 8)) + offset;
  }

  private static ByteBuffer bytes(QuantizedWeights weights, long position, int count) {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    weights.read(position, bytes);
    return bytes;
  }

  private static double largestDifference(float[] some, float[] others) {
    double largest = 0;
    for (int i = 0; i < some.length; i++) {
      largest = Math.max(largest, Math.abs(some[i] - others[i]));
    }
    return largest;
  }
}
