package dev.loquat.internal.diagnosis;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceCondition;
import dev.loquat.device.DeviceDetails;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.Precision;
import dev.loquat.diagnosis.Verification;
import dev.loquat.error.BackendException;
import dev.loquat.error.LoquatException;
import dev.loquat.internal.discovery.BackendRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Has backends compute a small model on a device, and compares.
 *
 * @param info the device
 * @param details what else is known of it
 */
public record Verifier(DeviceInfo info, Optional<DeviceDetails> details) {
  /** A hundredth of how far the logits spread: kernels in TF32 stay below a tenth of it. */
  static final double TOLERANCE = 0.05;

  /**
   * Tries every backend on the path.
   *
   * @param backends the backends
   * @return what became of each, in the order of names
   */
  public List<Verification> verify(BackendRegistry backends) {
    return verify(backends.providers());
  }

  /**
   * Tries backends.
   *
   * @param backends the backends
   * @return what became of each, in the same order
   */
  public List<Verification> verify(List<BackendProvider> backends) {
    Path folder = write();
    try (Checkpoint model = Checkpoint.open(folder)) {
      return backends.stream().map(backend -> verify(backend, model)).toList();
    } finally {
      delete(folder);
    }
  }

  private Verification verify(BackendProvider backend, Checkpoint model) {
    Device device = info.device();
    Optional<LoquatException> problem = DeviceCondition.problem(info, details);
    if (problem.isPresent()) {
      return new Verification.Failed(device, backend.name(), problem.get());
    }
    if (BackendRegistry.supports(backend, model.config(), device, Precision.FP32)
        instanceof Support.Unsupported no) {
      return new Verification.Unusable(device, backend.name(), no.reason());
    }
    try {
      return compute(backend, model);
    } catch (LoquatException e) {
      return new Verification.Failed(device, backend.name(), explained(e));
    } catch (RuntimeException | LinkageError e) {
      return new Verification.Failed(device, backend.name(), explained(unexpected(backend, e)));
    }
  }

  private Verification compute(BackendProvider provider, Checkpoint model) {
    long start = System.nanoTime();
    BackendOptions options =
        new BackendOptions(info.device(), Precision.FP32, BackendOptions.AUTO_THREADS);
    try (Backend backend = provider.open(model, options);
        DecoderSession session = backend.openSession(CheckModel.LAYOUT)) {
      double difference = CheckModel.maxDifference(session);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      return new Verification.Computed(info.device(), provider.name(), difference, TOLERANCE, took);
    }
  }

  /** A device that failed may not be what it was: it may be gone, or claimed by now. */
  private LoquatException explained(LoquatException failure) {
    return DeviceCondition.now(info, failure).orElse(failure);
  }

  private BackendException unexpected(BackendProvider backend, Throwable cause) {
    return new BackendException(
        "The backend '"
            + backend.name()
            + "' failed on "
            + info.device()
            + ": "
            + cause
            + ". Try another backend, and report it to its author.",
        cause);
  }

  private static Path write() {
    try {
      Path folder = Files.createTempDirectory("loquat-verify");
      CheckModel.write(folder);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The model to verify with can't be written to the folder java.io.tmpdir", e);
    }
  }

  /** A file that the system keeps mapped stays until the system cleans up. */
  private static void delete(Path folder) {
    for (String name : CheckModel.FILES) {
      boolean unused = folder.resolve(name).toFile().delete();
    }
    boolean unused = folder.toFile().delete();
  }
}
