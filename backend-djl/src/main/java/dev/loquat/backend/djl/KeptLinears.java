package dev.loquat.backend.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.WeightRole;
import dev.loquat.error.BackendException;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.quantization.ConversionCache;
import dev.loquat.quantization.ConversionReport;
import dev.loquat.quantization.ConvertedForm;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Quantized matrices in the cache of converted weights: those of an earlier start, or those of this
 * one for the next.
 *
 * <p>Each matrix is a few tensors of bytes, {@code converted()} in {@code
 * decoder-kept.torchscript}, in the order in which the program counts matrices. A tensor begins at
 * a multiple of {@value #ALIGNMENT}.
 *
 * <p>Confined: used by one thread at a time.
 */
final class KeptLinears implements AutoCloseable {
  /** Counts up when matrices are rounded otherwise. */
  private static final int VERSION = 3;

  private static final int ALIGNMENT = 64;
  private static final List<WeightRole> MATRICES =
      List.of(
          WeightRole.QUERY,
          WeightRole.KEY,
          WeightRole.VALUE,
          WeightRole.ATTENTION_OUTPUT,
          WeightRole.GATE,
          WeightRole.UP,
          WeightRole.DOWN);

  private final TorchModule module;
  private final @Nullable ConvertedForm form;

  /** The byte of the file where the next matrix to be restored lies. */
  private long position;

  private KeptLinears(TorchModule module, @Nullable ConvertedForm form) {
    this.module = module;
    this.form = form;
    this.position = form == null ? 0 : form.fileOffset();
  }

  /** For matrices that are not converted. */
  static KeptLinears none(TorchModule module) {
    return new KeptLinears(module, null);
  }

  /**
   * Opens the cache for a range of layers.
   *
   * @param kernel a quantized one
   */
  static KeptLinears open(
      TorchModule module,
      Checkpoint checkpoint,
      LayerRange range,
      LinearKernel kernel,
      ConversionCache cache) {
    String name = "djl " + kernel + " version " + VERSION + " layout " + layout(module);
    ConvertedForm form = ConvertedForm.of(name, matrices(checkpoint, range), cache);
    checkpoint.dropPages();
    return new KeptLinears(module, form);
  }

  /** In which order 4-bit codes are packed, and how large 8-bit codes get, is the processor's. */
  private static long layout(TorchModule module) {
    CRC32 checksum = new CRC32();
    try (IValue packed = module.call("layout").run();
        PtNDArray array = packed.toTensor(module.arrays())) {
      checksum.update(array.toByteBuffer(true));
    }
    return checksum.getValue();
  }

  private static List<Tensor> matrices(Checkpoint checkpoint, LayerRange range) {
    List<Tensor> matrices = new ArrayList<>();
    if (range.isLastStage()) {
      matrices.add(checkpoint.weight(WeightRole.HEAD));
    }
    for (int layer = range.first(); layer < range.end(); layer++) {
      for (WeightRole role : MATRICES) {
        matrices.add(checkpoint.weight(role, layer));
      }
    }
    return matrices;
  }

  /**
   * Takes the next matrix from an earlier start, if there was one and its file is still there:
   * other processes may evict it meanwhile.
   */
  boolean restore(long rows, long columns, int bits, boolean sensitive) {
    if (form == null || form.file().isEmpty() || !isMapped(form, form.file().get())) {
      return false;
    }
    position =
        module
            .call("restore_linear")
            .with(position)
            .with(rows)
            .with(columns)
            .with(bits)
            .with(sensitive)
            .runForLong();
    return true;
  }

  private boolean isMapped(ConvertedForm form, Path file) {
    long length = form.fileOffset() + form.length();
    try {
      module.call("map_kept").with(file.toString()).with(length).runForNothing();
      return true;
    } catch (OutOfMemoryException e) {
      throw e;
    } catch (BackendException e) {
      form.abandon(String.valueOf(e.getMessage()));
      return false;
    }
  }

  /** Keeps the matrix that the program was given last. */
  void keep() {
    if (form == null || !form.isKept()) {
      return;
    }
    try (IValue tensors = module.call("converted").run()) {
      for (PtNDArray tensor : tensors.toTensorArray(module.arrays())) {
        try (tensor) {
          append(form, tensor.toByteBuffer(true));
        }
      }
    }
  }

  private static void append(ConvertedForm form, ByteBuffer bytes) {
    int padding = -bytes.remaining() & (ALIGNMENT - 1);
    form.append(bytes);
    form.append(ByteBuffer.allocate(padding));
  }

  /** All matrices were restored or kept; empty where none are converted. */
  Optional<ConversionReport> finish() {
    return Optional.ofNullable(form).map(ConvertedForm::finish);
  }

  @Override
  public void close() {
    if (form != null) {
      form.close();
    }
  }
}
