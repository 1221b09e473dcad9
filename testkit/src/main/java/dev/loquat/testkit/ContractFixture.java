package dev.loquat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.Precision;
import dev.loquat.testkit.reference.ReferenceDecoder;
import dev.loquat.testkit.reference.ReferenceLogits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What all parts of the contract stand on: the backend under test, opened and closed again. */
abstract class ContractFixture {
  static final int VOCABULARY = 272;
  static final int CONTEXT = 96;
  static final CacheLayout LAYOUT = new CacheLayout(8, CONTEXT);

  private final List<Backend> backends = new ArrayList<>();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  ContractFixture() {}

  /**
   * The backend under test.
   *
   * @return the provider; each call may return the same or a new one
   */
  protected abstract BackendProvider provider();

  /**
   * The device to test on.
   *
   * @return the CPU by default
   */
  protected Device device() {
    return Device.cpu();
  }

  /**
   * Whether the tests fail, rather than are skipped, where the backend says that it can't use the
   * device.
   *
   * @return true for the CPU, by default
   */
  protected boolean demandsDevice() {
    return device().kind() == DeviceKind.CPU;
  }

  /**
   * How far a logit may be from the reference's. The logits of the contract's models spread by
   * about 1.5 around 0, with extremes near 6.
   *
   * @param precision the precision asked for
   * @return by default 1e-4 for FP32, 0.03 for FP16, 0.25 for BF16, 0.5 for INT8 and 6 for INT4
   */
  protected double tolerance(Precision precision) {
    return switch (precision) {
      case FP32 -> 1e-4;
      case FP16 -> 0.03;
      case BF16 -> 0.25;
      case INT8 -> 0.5;
      case INT4, INT4_SYMMETRIC -> 6;
      case AUTO -> throw new IllegalArgumentException("AUTO is chosen before a backend is asked");
    };
  }

  /**
   * What the logits of a checkpoint are. Only a backend that does not compute them from the weights
   * overrides it.
   *
   * @param checkpoint the open checkpoint; closed after the call
   * @return the reference decoder by default
   */
  protected ReferenceLogits reference(Checkpoint checkpoint) {
    return new ReferenceDecoder(checkpoint);
  }

  @BeforeEach
  void requireDevice() {
    if (provider().supports(device()) instanceof Support.Unsupported unsupported) {
      String reason = provider().name() + " can't use " + device() + ": " + unsupported.reason();
      if (demandsDevice()) {
        fail(reason);
      }
      Assumptions.abort(reason);
    }
  }

  /** Closes what the test opened and checks that nothing stays allocated. */
  @AfterEach
  void closeBackends() {
    backends.forEach(Backend::close);
    assertThat(backends)
        .extracting(Backend::allocatedBytes)
        .as("bytes allocated after close")
        .allMatch(bytes -> bytes == 0);
  }

  /** Opens the plain model in single precision. */
  final CheckedSession openPlain() throws IOException {
    return openSession(ContractModel.PLAIN, Precision.FP32);
  }

  /** Opens a model and a session over it. */
  final CheckedSession openSession(ContractModel model, Precision precision) throws IOException {
    try (Checkpoint checkpoint = checkpoint(model)) {
      DecoderSession session = openBackend(checkpoint, precision).openSession(LAYOUT);
      return new CheckedSession(session, reference(checkpoint), tolerance(precision));
    }
  }

  /** Opens the plain model in single precision, without a session. */
  final Backend openBackend() throws IOException {
    try (Checkpoint checkpoint = checkpoint(ContractModel.PLAIN)) {
      return openBackend(checkpoint, Precision.FP32);
    }
  }

  /** Opens a backend that is closed after the test. */
  final Backend openBackend(Checkpoint checkpoint, Precision precision) {
    return openBackend(checkpoint, options(device(), precision));
  }

  /** Opens a backend that is closed after the test. */
  final Backend openBackend(Checkpoint checkpoint, BackendOptions options) {
    Backend backend = provider().open(checkpoint, options);
    backends.add(backend);
    return backend;
  }

  /** Opens a part of a model, which is closed after the test. */
  final Backend openPart(Checkpoint checkpoint, LayerRange range) {
    Backend backend = provider().open(checkpoint, range, options(device(), Precision.FP32));
    backends.add(backend);
    return backend;
  }

  /** Another session over the plain model. */
  final CheckedSession sessionOf(Backend backend) throws IOException {
    try (Checkpoint checkpoint = checkpoint(ContractModel.PLAIN)) {
      return new CheckedSession(
          backend.openSession(LAYOUT), reference(checkpoint), tolerance(Precision.FP32));
    }
  }

  /** Writes a model and opens its checkpoint; the caller closes it. */
  final Checkpoint checkpoint(ContractModel model) throws IOException {
    return Checkpoint.open(model.writeTo(emptyFolder()));
  }

  final Path emptyFolder() throws IOException {
    return Files.createTempDirectory(folder, "checkpoint");
  }

  static BackendOptions options(Device device, Precision precision) {
    return new BackendOptions(device, precision, BackendOptions.AUTO_THREADS);
  }

  /** Random token ids, the same for the same seed. */
  static int[] tokens(int count, long seed) {
    return new Random(seed).ints(count, 0, VOCABULARY).toArray();
  }
}
