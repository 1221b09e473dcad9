package dev.loquat.backend.onnx;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.onnx.binding.LoadedDecoder;
import dev.loquat.device.ByteFormat;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.NativeHeap;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendException;
import dev.loquat.memory.MemoryAccount;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.MemoryOwner;
import dev.loquat.memory.OwnedMemory;
import dev.loquat.quantization.ConversionReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A model loaded by ONNX Runtime. Matrices are held once, packed for the processor; the embedding
 * stays in the checkpoint's mapped file.
 */
final class OnnxBackend implements Backend {
  private final LoadedDecoder decoder;
  private final WeightFiles files;
  private final EffectivePrecision precision;
  private final Precision cachePrecision;
  private final long weightBytes;
  private final MemoryLedger ledger;
  private final MemoryAccount account;
  private final Optional<ConversionReport> conversion;
  private final List<OnnxSession> sessions = new ArrayList<>();
  private boolean closed;

  private OnnxBackend(
      LoadedDecoder decoder,
      WeightFiles files,
      EffectivePrecision precision,
      Precision cachePrecision,
      long weightBytes,
      Optional<ConversionReport> conversion,
      MemoryLedger ledger) {
    this.decoder = decoder;
    this.files = files;
    this.precision = precision;
    this.cachePrecision = cachePrecision;
    this.weightBytes = weightBytes;
    this.conversion = conversion;
    this.ledger = ledger;
    this.account = ledger.open(MemoryOwner.WEIGHTS, "a session of ONNX Runtime");
  }

  /** Takes over a decoder, also if this fails, and files, unless it does. */
  static OnnxBackend of(
      LoadedDecoder decoder,
      WeightFiles files,
      EffectivePrecision precision,
      Precision cachePrecision,
      long weightBytes,
      Optional<ConversionReport> conversion,
      MemoryLedger ledger)
      throws OrtException {
    try {
      return new OnnxBackend(
          decoder, files, precision, cachePrecision, weightBytes, conversion, ledger);
    } catch (RuntimeException | Error e) {
      decoder.close();
      throw e;
    }
  }

  /** What the runtime has loaded; this backend's. */
  LoadedDecoder decoder() {
    return decoder;
  }

  @Override
  public EffectivePrecision precision() {
    return precision;
  }

  @Override
  public Precision cachePrecision() {
    return cachePrecision;
  }

  @Override
  public Optional<ConversionReport> conversion() {
    return conversion;
  }

  @Override
  public DecoderSession openSession(CacheLayout layout) {
    requireOpen();
    try {
      OnnxSession session = new OnnxSession(decoder, files, layout, ledger, sessions::remove);
      sessions.add(session);
      return session;
    } catch (OrtException e) {
      String sizes = layout.slots() + " slots, " + ByteFormat.text(allocatedBytes()) + " held";
      throw RuntimeFailures.failure("open a KV cache", sizes, e);
    }
  }

  @Override
  public long allocatedBytes() {
    return closed
        ? 0
        : weightBytes + sessions.stream().mapToLong(OnnxSession::allocatedBytes).sum();
  }

  @Override
  public OwnedMemory ownedMemory() {
    return closed
        ? OwnedMemory.NONE
        : sessions.stream()
            .map(OnnxSession::ownedMemory)
            .reduce(new OwnedMemory(weightBytes, 0, 0, 0), OwnedMemory::plus);
  }

  @Override
  public void emptyCache() {
    requireOpen();
    sessions.forEach(OnnxSession::shrink);
    NativeHeap.trim();
  }

  /** Closes all that it has, the last opened first, whatever of it fails. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (account;
        decoder) {
      List.copyOf(sessions).forEach(OnnxSession::close);
    } catch (OrtException e) {
      throw new BackendException("ONNX Runtime could not close the model.", e);
    } finally {
      release(files);
    }
  }

  static void release(WeightFiles files) {
    files.close();
    NativeHeap.trim();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The backend is closed; open the model again");
    }
  }
}
