package dev.loquat.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.onnx.binding.LoadedDecoder;
import dev.loquat.backend.onnx.graph.DecoderGraph;
import dev.loquat.backend.onnx.graph.NumberFormat;
import dev.loquat.backend.onnx.graph.OnnxType;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.NativeHeap;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A model loaded by ONNX Runtime. Matrices are held once, packed for the processor; the embedding
 * stays in the checkpoint's mapped file.
 */
final class OnnxBackend implements Backend {
  private final LoadedDecoder decoder;
  private final WeightFiles files;
  private final EffectivePrecision precision;
  private final long weightBytes;
  private final List<OnnxSession> sessions = new ArrayList<>();
  private boolean closed;

  private OnnxBackend(
      LoadedDecoder decoder, WeightFiles files, EffectivePrecision precision, long weightBytes) {
    this.decoder = decoder;
    this.files = files;
    this.precision = precision;
    this.weightBytes = weightBytes;
  }

  static OnnxBackend load(Checkpoint checkpoint, BackendOptions options) {
    List<Tensor> weights = ModelWeights.of(checkpoint);
    if (options.precision() == Precision.FP16) {
      HalfRange.require(weights);
    }
    NumberFormat format = Precisions.format(options.device(), options.precision());
    Path folder = WeightFolder.above(weights);
    DecoderGraph graph =
        DecoderGraph.of(checkpoint, LayerRange.all(checkpoint.config()), format, folder);
    OrtEnvironment environment = Runtimes.environment();
    long weightBytes = weightBytes(weights, format.compute());
    EffectivePrecision precision = Precisions.effective(options.device(), options.precision());
    WeightFiles files = WeightFiles.of(weights);
    try {
      OrtSession session = new SessionLoader(environment, options).load(graph.model(), folder);
      LoadedDecoder decoder =
          new LoadedDecoder(
              environment, session, checkpoint.config(), graph.rotaries(), format.compute());
      NativeHeap.trim();
      return new OnnxBackend(decoder, files, precision, weightBytes);
    } catch (OrtException e) {
      release(files);
      throw RuntimeFailures.failure("load the model", weightBytes + " bytes of weights", e);
    } catch (RuntimeException | Error e) {
      release(files);
      throw e;
    }
  }

  @Override
  public EffectivePrecision precision() {
    return precision;
  }

  @Override
  public DecoderSession openSession(CacheLayout layout) {
    requireOpen();
    OnnxSession session = new OnnxSession(decoder, files, layout, sessions::remove);
    sessions.add(session);
    return session;
  }

  @Override
  public long allocatedBytes() {
    return closed
        ? 0
        : weightBytes + sessions.stream().mapToLong(OnnxSession::allocatedBytes).sum();
  }

  @Override
  public void emptyCache() {
    requireOpen();
    sessions.forEach(OnnxSession::shrink);
    NativeHeap.trim();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    List.copyOf(sessions).forEach(OnnxSession::close);
    try {
      decoder.session().close();
    } catch (OrtException e) {
      throw new BackendException("ONNX Runtime could not close the model.", e);
    } finally {
      release(files);
    }
  }

  private static void release(WeightFiles files) {
    files.close();
    NativeHeap.trim();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The backend is closed; open the model again");
    }
  }

  /** Every weight is held converted; the embedding also as rows in its file. */
  private static long weightBytes(List<Tensor> weights, OnnxType compute) {
    return weights.stream()
        .mapToLong(weight -> weight.info().elements() * compute.byteSize())
        .sum();
  }
}
