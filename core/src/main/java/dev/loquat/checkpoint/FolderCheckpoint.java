package dev.loquat.checkpoint;

import dev.loquat.checkpoint.family.Families;
import dev.loquat.checkpoint.family.ModelFamily;
import dev.loquat.checkpoint.safetensors.SafetensorsFiles;
import dev.loquat.error.CheckpointException;
import dev.loquat.error.UnsupportedModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A Hugging Face checkpoint in a folder. */
final class FolderCheckpoint implements Checkpoint {
  private final Path folder;
  private final ModelConfig config;
  private final GenerationDefaults defaults;
  private final ModelFamily family;
  private final SafetensorsFiles files;
  private final List<Map<WeightRole, Tensor>> layers;
  private final Map<WeightRole, Tensor> outside;

  private FolderCheckpoint(Path folder, JsonFields json, SafetensorsFiles files) {
    this.folder = folder;
    this.files = files;
    family = Families.of(json);
    config = family.read(json);
    defaults = GenerationFields.read(folder, json, config.vocabularySize());
    outside = bind(WeightShapes.outside(config), 0);
    layers = new ArrayList<>();
    for (LayerConfig layer : config.layers()) {
      layers.add(bind(WeightShapes.inLayer(config, layer), layers.size()));
    }
  }

  static FolderCheckpoint open(Path folder) {
    JsonFields json = ConfigFile.require(folder, CheckpointFiles.CONFIG);
    requireTokenizer(folder);
    Families.of(json).read(json);
    SafetensorsFiles files = SafetensorsFiles.open(folder);
    try {
      return new FolderCheckpoint(folder, json, files);
    } catch (RuntimeException | Error e) {
      files.close();
      throw e;
    }
  }

  @Override
  public ModelConfig config() {
    return config;
  }

  @Override
  public GenerationDefaults generationDefaults() {
    return defaults;
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public Tensor weight(WeightRole role) {
    WeightRole held = role == WeightRole.HEAD && config.tiedHead() ? WeightRole.EMBEDDING : role;
    return require(outside, held, "outside the layers");
  }

  @Override
  public Tensor weight(WeightRole role, int layer) {
    if (layer < 0 || layer >= layers.size()) {
      throw new IllegalArgumentException(
          "layer is " + layer + "; the model has " + layers.size() + " layers");
    }
    return require(layers.get(layer), role, "in layer " + layer);
  }

  @Override
  public long weightBytes() {
    return bytes(outside) + layers.stream().mapToLong(FolderCheckpoint::bytes).sum();
  }

  @Override
  public void dropPages() {
    files.dropPages();
  }

  @Override
  public void close() {
    files.close();
  }

  private static void requireTokenizer(Path folder) {
    if (!Files.isRegularFile(folder.resolve(CheckpointFiles.TOKENIZER))) {
      throw new CheckpointException(
          folder
              + " has no tokenizer.json; expected the fast tokenizer's file beside the weights."
              + " Fetch it, or write it with transformers' save_pretrained.");
    }
  }

  private Map<WeightRole, Tensor> bind(Map<WeightRole, List<Long>> shapes, int layer) {
    Map<WeightRole, Tensor> tensors = new EnumMap<>(WeightRole.class);
    shapes.forEach((role, shape) -> tensors.put(role, bind(role, layer, shape)));
    return tensors;
  }

  private Tensor bind(WeightRole role, int layer, List<Long> shape) {
    String name = family.weightName(role, layer);
    Tensor tensor = files.find(name).orElseThrow(() -> missing(name, shape));
    TensorInfo info = tensor.info();
    if (!info.shape().equals(shape)) {
      throw new CheckpointException(
          place(info)
              + " has shape "
              + info.shape()
              + "; config.json implies "
              + shape
              + ". The files belong to different models; fetch them again.");
    }
    if (!info.type().isFloatingPoint()) {
      throw new UnsupportedModelException(
          place(info)
              + " holds "
              + info.type()
              + "; expected F32, F16, BF16 or F64. Quantized checkpoints are not supported.");
    }
    return tensor;
  }

  private CheckpointException missing(String name, List<Long> shape) {
    return new CheckpointException(
        folder
            + ": the weights lack tensor '"
            + name
            + "' of shape "
            + shape
            + ", which config.json implies. Fetch the missing file or correct config.json.");
  }

  private static String place(TensorInfo info) {
    return info.file() + ": tensor '" + info.name() + "'";
  }

  private static Tensor require(Map<WeightRole, Tensor> tensors, WeightRole role, String place) {
    Tensor tensor = tensors.get(role);
    if (tensor == null) {
      throw new IllegalArgumentException("The model has no " + role + " " + place);
    }
    return tensor;
  }

  private static long bytes(Map<WeightRole, Tensor> tensors) {
    return tensors.values().stream().mapToLong(tensor -> tensor.info().byteLength()).sum();
  }
}
