package dev.loquat.backend.onnx;

import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ElementType;
import dev.loquat.checkpoint.GenerationDefaults;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.MlpConfig;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.RotaryConfig;
import dev.loquat.checkpoint.RotaryScaling;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.checkpoint.WeightRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/** A checkpoint of random single-precision weights in one file, as a model description asks. */
public final class RandomCheckpoint implements Checkpoint {
  private static final int HEADER_BYTES = 3; // tensors at odd offsets, as safetensors may have them

  private final ModelConfig config;
  private final Path folder;
  private final Path file;
  private final UnaryOperator<Float> change;
  private final Random random = new Random(42);
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private RandomCheckpoint(ModelConfig config, Path folder, UnaryOperator<Float> change) {
    this.config = config;
    this.folder = folder;
    this.file = folder.resolve("weights.bin");
    this.change = change;
  }

  /** Writes the weights of a model into a folder. */
  public static RandomCheckpoint write(ModelConfig config, Path folder) {
    return write(config, folder, weight -> weight);
  }

  /** Writes the weights after each was changed. */
  public static RandomCheckpoint write(
      ModelConfig config, Path folder, UnaryOperator<Float> change) {
    try {
      Files.createDirectories(folder);
      RandomCheckpoint checkpoint = new RandomCheckpoint(config, folder.toRealPath(), change);
      Files.write(checkpoint.file, new byte[HEADER_BYTES]);
      checkpoint.writeWeights();
      return checkpoint;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A small model: 2 query heads on 1 kv head of 16, untied, without biases. */
  public static ModelConfig model(int layers) {
    return model(layers, false, AttentionConfig.FULL);
  }

  /** A small model with or without biases, and a sliding window. */
  public static ModelConfig model(int layers, boolean bias, int window) {
    return model(layers, bias, window, 48);
  }

  /** A small model with biases, as wide between gate and down projection as asked for. */
  public static ModelConfig model(int layers, int intermediateSize) {
    return model(layers, true, AttentionConfig.FULL, intermediateSize);
  }

  private static ModelConfig model(int layers, boolean bias, int window, int intermediateSize) {
    RotaryConfig rotary = new RotaryConfig(16, 10000, new RotaryScaling.None());
    AttentionConfig attention = new AttentionConfig(2, 1, 16, 0.25, bias, bias, window, rotary);
    LayerConfig layer = new LayerConfig(attention, new MlpConfig(intermediateSize, bias));
    return new ModelConfig("random", 32, 64, 2048, 1e-6, false, Collections.nCopies(layers, layer));
  }

  @Override
  public ModelConfig config() {
    return config;
  }

  @Override
  public GenerationDefaults generationDefaults() {
    throw new UnsupportedOperationException("A backend has no use for these");
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public Tensor weight(WeightRole role) {
    return tensor(role == WeightRole.HEAD && config.tiedHead() ? "EMBEDDING" : role.name());
  }

  @Override
  public Tensor weight(WeightRole role, int layer) {
    return tensor(layer + "." + role);
  }

  @Override
  public long weightBytes() {
    return tensors.values().stream().mapToLong(tensor -> tensor.info().byteLength()).sum();
  }

  @Override
  public void close() {}

  /** All weights in the order of the file. */
  List<Tensor> inOrder() {
    return List.copyOf(tensors.values());
  }

  private Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("The model has no weight " + name);
    }
    return tensor;
  }

  private void writeWeights() throws IOException {
    int hidden = config.hiddenSize();
    add("EMBEDDING", config.vocabularySize(), hidden);
    for (int layer = 0; layer < config.layers().size(); layer++) {
      addLayer(layer + ".", hidden, config.layers().get(layer));
    }
    add("FINAL_NORM", hidden);
    if (!config.tiedHead()) {
      add("HEAD", config.vocabularySize(), hidden);
    }
  }

  private void addLayer(String prefix, int hidden, LayerConfig layer) throws IOException {
    int query = layer.attention().heads() * layer.attention().headDim();
    int key = layer.attention().kvHeads() * layer.attention().headDim();
    int wide = layer.mlp().intermediateSize();
    add(prefix + "ATTENTION_NORM", hidden);
    addLinear(prefix + "QUERY", query, hidden, layer.attention().inputBias());
    addLinear(prefix + "KEY", key, hidden, layer.attention().inputBias());
    addLinear(prefix + "VALUE", key, hidden, layer.attention().inputBias());
    addLinear(prefix + "ATTENTION_OUTPUT", hidden, query, layer.attention().outputBias());
    add(prefix + "MLP_NORM", hidden);
    addLinear(prefix + "GATE", wide, hidden, layer.mlp().bias());
    addLinear(prefix + "UP", wide, hidden, layer.mlp().bias());
    addLinear(prefix + "DOWN", hidden, wide, layer.mlp().bias());
  }

  private void addLinear(String name, long out, long in, boolean bias) throws IOException {
    add(name, out, in);
    if (bias) {
      add(name + "_BIAS", out);
    }
  }

  private void add(String name, long... shape) throws IOException {
    List<Long> dimensions = Arrays.stream(shape).boxed().toList();
    TensorInfo info = new TensorInfo(name, ElementType.F32, dimensions, file, Files.size(file));
    float[] numbers = new float[(int) info.elements()];
    ByteBuffer bytes = ByteBuffer.allocate((int) info.byteLength()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < numbers.length; i++) {
      float centre = shape.length == 1 ? 1f : 0f;
      numbers[i] = change.apply(centre + (float) random.nextGaussian() * 0.2f);
      bytes.putFloat(numbers[i]);
    }
    Files.write(file, bytes.array(), StandardOpenOption.APPEND);
    tensors.put(name, new ArrayTensor(info, numbers));
  }

  private static final class ArrayTensor implements Tensor {
    private final TensorInfo info;
    private final float[] numbers;

    ArrayTensor(TensorInfo info, float[] numbers) {
      this.info = info;
      this.numbers = numbers;
    }

    @Override
    public TensorInfo info() {
      return info;
    }

    @Override
    public void read(long elementOffset, FloatBuffer destination) {
      destination.put(numbers, (int) elementOffset, destination.remaining());
    }

    @Override
    public void readBytes(long byteOffset, ByteBuffer destination) {
      ByteBuffer bytes =
          ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(numbers);
      destination.put(bytes.array(), (int) byteOffset, destination.remaining());
    }
  }
}
