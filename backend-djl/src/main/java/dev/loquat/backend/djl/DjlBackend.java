package dev.loquat.backend.djl;

import ai.djl.pytorch.jni.JniUtils;
import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.BeyondRange;
import dev.loquat.device.CudaTimer;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.HugePages;
import dev.loquat.device.NativeHeap;
import dev.loquat.device.PhysicalCores;
import dev.loquat.device.Precision;
import dev.loquat.memory.MemoryAccount;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.MemoryOwner;
import dev.loquat.memory.OwnedMemory;
import dev.loquat.quantization.ConversionReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A model on PyTorch, or a range of its layers. */
final class DjlBackend implements Backend {
  private final ModelConfig config;
  private final Device device;
  private final MemoryLedger ledger;
  private final MemoryAccount account;
  private final int threads;
  private final StepThreads stepThreads;
  private final DecoderStage stage;
  private final EffectivePrecision precision;
  private final Precision cachePrecision;
  private final List<DjlSession> sessions = new ArrayList<>();
  private boolean closed;

  private DjlBackend(
      ModelConfig config, BackendOptions options, DecoderStage stage, Lowering lowering) {
    this.config = config;
    this.device = options.device();
    this.ledger = options.ledger();
    this.account = ledger.open(MemoryOwner.WEIGHTS, "a program of PyTorch");
    this.threads = threads(options.threads());
    this.stepThreads =
        device.kind() == DeviceKind.CPU ? StepThreads.upTo(threads) : StepThreads.always(threads);
    this.stage = stage;
    this.precision = lowering.precision(stage.wider());
    this.cachePrecision = lowering.activations().precision();
  }

  /**
   * Loads a model; PyTorch must be loaded.
   *
   * @param draws whether tokens are drawn where logits lie
   */
  static DjlBackend open(
      Checkpoint checkpoint, LayerRange range, BackendOptions options, boolean draws) {
    HugePages pages = HugePages.now();
    DjlBackend backend = loaded(checkpoint, range, options, draws);
    try {
      if (options.device().kind() == DeviceKind.CPU) {
        options.afterLoad().execute(pages::gather);
      }
      return backend;
    } catch (RuntimeException | Error e) {
      backend.close();
      throw e;
    }
  }

  private static DjlBackend loaded(
      Checkpoint checkpoint, LayerRange range, BackendOptions options, boolean draws) {
    TorchLibrary.enter(threads(options.threads()));
    try {
      return load(checkpoint, range, options, lowering(checkpoint, options), draws);
    } finally {
      NativeHeap.trim();
    }
  }

  /**
   * That weights of BF16 are held as FP16, which ends earlier, is none of the caller's business.
   */
  private static boolean widens(BackendOptions options, WeightOutOfRange weight) {
    return !options.half().pure()
        && (options.half().beyondRange() == BeyondRange.WIDEN
            || !weight.isBeyond(options.precision()));
  }

  /** How a model would be held; PyTorch must be loaded. */
  static Lowering lowering(Checkpoint checkpoint, BackendOptions options) {
    Lowering lowering =
        options.half().pure()
            ? Lowering.pureHalf(options.precision())
            : Lowering.choose(
                options.device(),
                options.precision(),
                Probe::multiplies,
                ShortWeights.of(checkpoint));
    return lowering.of(checkpoint);
  }

  /** The threads to compute with. */
  static int threads(int asked) {
    return asked == BackendOptions.AUTO_THREADS ? PhysicalCores.count() : asked;
  }

  private static DjlBackend load(
      Checkpoint checkpoint,
      LayerRange range,
      BackendOptions options,
      Lowering lowering,
      boolean draws) {
    try {
      DecoderStage stage =
          DecoderStage.load(
              checkpoint,
              range,
              TorchDevice.name(options.device()),
              lowering,
              options.conversionCache(),
              draws);
      return new DjlBackend(checkpoint.config(), options, stage, lowering);
    } catch (WeightOutOfRange e) {
      if (!widens(options, e)) {
        throw e.refusal(options);
      }
      Lowering wider =
          Lowering.widened(options.device(), options.precision(), Probe::multiplies, e);
      return load(checkpoint, range, options, wider, draws);
    }
  }

  @Override
  public EffectivePrecision precision() {
    return precision;
  }

  @Override
  public Optional<ConversionReport> conversion() {
    return stage.conversion();
  }

  @Override
  public Precision cachePrecision() {
    return cachePrecision;
  }

  @Override
  public DecoderSession openSession(CacheLayout layout) {
    requireOpen();
    enter();
    DjlSession session = new DjlSession(this, stage, layout, config, ledger);
    sessions.add(session);
    return session;
  }

  /** What times the device's own work; empty where it has no events for that. */
  Optional<CudaTimer> openTimer() {
    return device.kind() == DeviceKind.CUDA ? CudaTimer.open(device) : Optional.empty();
  }

  @Override
  public long allocatedBytes() {
    if (closed) {
      return 0;
    }
    return stage.weightBytes() + sessions.stream().mapToLong(DjlSession::allocatedBytes).sum();
  }

  @Override
  public OwnedMemory ownedMemory() {
    return closed
        ? OwnedMemory.NONE
        : sessions.stream()
            .map(DjlSession::ownedMemory)
            .reduce(new OwnedMemory(stage.weightBytes(), 0, 0, 0), OwnedMemory::plus);
  }

  @Override
  public void emptyCache() {
    if (device.kind() == DeviceKind.CUDA || device.kind() == DeviceKind.ROCM) {
      JniUtils.emptyCudaCache();
    }
    NativeHeap.trim();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    List.copyOf(sessions).forEach(DjlSession::close);
    stage.close();
    account.close();
    emptyCache();
  }

  /** Prepares the calling thread for work on a cache. */
  void enter() {
    TorchLibrary.enter(threads);
  }

  /** Prepares the calling thread for a step of so many tokens. */
  void enter(int tokens) {
    TorchLibrary.enter(stepThreads.of(tokens));
    if (StepThreads.isSmall(tokens)) {
      MklThreads.set(1);
    }
  }

  /** Notes how long that step took. */
  void took(int tokens, long nanos) {
    stepThreads.took(tokens, nanos);
  }

  void forget(DjlSession session) {
    sessions.remove(session);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The backend is closed; open the model again");
    }
  }
}
