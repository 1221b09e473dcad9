package dev.loquat.backend.onnx;

import ai.onnxruntime.platform.Fp16Conversions;
import dev.loquat.backend.onnx.graph.NumberFormat;
import dev.loquat.backend.onnx.graph.OnnxType;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ElementType;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.quantization.ConversionCache;
import dev.loquat.quantization.ConversionReport;
import dev.loquat.quantization.ConvertedForm;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Weights rounded to a half type before the runtime loads them, in the cache of converted weights;
 * for layers that stay on disk also widened to the type that is computed with. The runtime rounds
 * them as well, but all of them before it frees the first: without a cache, loading takes as much
 * more memory as they take in the half type.
 *
 * <p>The file holds the numbers of each weight behind those of the one before. Confined: used by
 * one thread at a time.
 */
final class RoundedWeights implements AutoCloseable {
  /** Counts up when the file's layout changes. */
  private static final int VERSION = 1;

  private static final int PIECE_NUMBERS = 1 << 16;

  private final List<Tensor> weights;
  private final OnnxType type;
  private final OnnxType written;
  private final ConvertedForm form;
  private final float[] numbers = new float[PIECE_NUMBERS];
  private final ByteBuffer bytes =
      ByteBuffer.allocate(PIECE_NUMBERS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private RoundedWeights(
      List<Tensor> weights, OnnxType type, OnnxType written, ConversionCache cache) {
    this.weights = weights;
    this.type = type;
    this.written = written;
    String types = type == written ? "" + type : type + " in " + written;
    this.form =
        ConvertedForm.of("onnx " + types + " version " + VERSION, weights, byteLength(), cache);
  }

  /** What all of them take in the file. */
  long byteLength() {
    return weights.stream().mapToLong(weight -> weight.info().elements()).sum()
        * written.byteSize();
  }

  /** For a model whose weights are not rounded. */
  static RoundedWeights none() {
    return new RoundedWeights(List.of(), OnnxType.FLOAT, OnnxType.FLOAT, ConversionCache.off());
  }

  /** Looks for the weights that the graph would bring to a half type and on to another. */
  static RoundedWeights find(
      Checkpoint checkpoint, LayerRange range, NumberFormat format, ConversionCache cache) {
    List<Tensor> twice =
        ModelWeights.held(checkpoint, range).stream()
            .filter(weight -> format.convertsTwice(OnnxType.of(weight.info().type())))
            .toList();
    return twice.isEmpty() || cache instanceof ConversionCache.Off
        ? none()
        : new RoundedWeights(twice, format.rounding(), format.rounding(), cache);
  }

  /** Looks for the weights that are not stored as they are computed with. */
  static RoundedWeights widened(
      Checkpoint checkpoint, LayerRange range, NumberFormat format, ConversionCache cache) {
    List<Tensor> others =
        ModelWeights.held(checkpoint, range).stream()
            .filter(weight -> isConverted(weight, format))
            .toList();
    return others.isEmpty()
        ? none()
        : new RoundedWeights(others, format.rounding(), format.compute(), cache);
  }

  private static boolean isConverted(Tensor weight, NumberFormat format) {
    OnnxType stored = OnnxType.of(weight.info().type());
    return stored != format.compute() || format.rounding() != format.compute();
  }

  /** What weights there are to convert and nothing has been kept of. */
  List<Tensor> withoutFile() {
    return form.file().isPresent() ? List.of() : weights;
  }

  /** Whether a cache may keep so many bytes of them, so that the runtime need not round. */
  static boolean fit(ConversionCache cache, long bytes) {
    return cache instanceof ConversionCache.Folder folder && bytes < folder.maxBytes();
  }

  /** Those of some weights that no earlier start has read and rounded. */
  List<Tensor> missing(List<Tensor> some) {
    return form.file().isPresent()
        ? some.stream().filter(weight -> !weights.contains(weight)).toList()
        : some;
  }

  /**
   * Rounds what no earlier start has rounded, and keeps it.
   *
   * @return how the weights came about; empty where none are rounded here
   */
  Optional<ConversionReport> complete() {
    for (Tensor weight : weights) {
      if (form.isKept()) {
        append(weight);
      }
    }
    ConversionReport report = form.finish();
    return weights.isEmpty() ? Optional.empty() : Optional.of(report);
  }

  private void append(Tensor weight) {
    long elements = weight.info().elements();
    for (long at = 0; at < elements; at += PIECE_NUMBERS) {
      int count = (int) Math.min(PIECE_NUMBERS, elements - at);
      weight.read(at, FloatBuffer.wrap(numbers, 0, count));
      bytes.clear();
      for (int i = 0; i < count; i++) {
        put(numbers[i]);
      }
      form.append(bytes.flip());
    }
  }

  private void put(float number) {
    if (written != OnnxType.FLOAT) {
      bytes.putShort(rounded(type, number));
    } else if (type == OnnxType.FLOAT) {
      bytes.putFloat(number);
    } else if (type == OnnxType.FLOAT16) {
      bytes.putFloat(Fp16Conversions.fp16ToFloat(rounded(type, number)));
    } else {
      bytes.putFloat(Fp16Conversions.bf16ToFloat(rounded(type, number)));
    }
  }

  /** To the nearest, to even where two are as near. */
  static short rounded(OnnxType type, float number) {
    return type == OnnxType.FLOAT16
        ? Fp16Conversions.floatToFp16(number)
        : Fp16Conversions.floatToBf16(number);
  }

  /** The file that holds them; empty where the runtime has to round. */
  Optional<Path> file() {
    return form.file();
  }

  /** Where each of them lies instead of in the checkpoint; none where the runtime has to round. */
  Map<TensorInfo, TensorInfo> places() {
    Map<TensorInfo, TensorInfo> places = new HashMap<>();
    form.file().ifPresent(file -> place(file, places));
    return places;
  }

  private void place(Path file, Map<TensorInfo, TensorInfo> places) {
    ElementType type = elementType();
    long offset = form.fileOffset();
    for (Tensor weight : weights) {
      TensorInfo info = weight.info();
      TensorInfo place = new TensorInfo(info.name(), type, info.shape(), file, offset);
      places.put(info, place);
      offset += place.byteLength();
    }
  }

  private ElementType elementType() {
    return switch (written) {
      case FLOAT16 -> ElementType.F16;
      case BFLOAT16 -> ElementType.BF16;
      default -> ElementType.F32;
    };
  }

  /** Removes what was not completed. */
  @Override
  public void close() {
    form.close();
  }
}
