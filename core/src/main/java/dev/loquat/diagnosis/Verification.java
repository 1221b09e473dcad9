package dev.loquat.diagnosis;

import dev.loquat.device.Device;
import dev.loquat.error.BackendException;
import dev.loquat.error.BackendUnavailableException;
import dev.loquat.error.LoquatException;
import java.time.Duration;
import java.util.Objects;

/**
 * Whether a backend computes on a device what it should: a small model in FP32 against the logits
 * that transformers computes for it in double precision. Immutable.
 */
public sealed interface Verification {

  /**
   * Where it was tried.
   *
   * @return the device
   */
  Device device();

  /**
   * What it was tried with.
   *
   * @return the backend's name
   */
  String backend();

  /**
   * Fails unless the device computed what it should.
   *
   * @throws LoquatException the failure; a {@link BackendException} if the numbers are wrong, a
   *     {@link BackendUnavailableException} if the backend can't use the device
   */
  void requireRight();

  /**
   * It computed.
   *
   * @param device the device
   * @param backend the backend
   * @param maxDifference the greatest difference of a logit; infinite if one was no number
   * @param tolerance the greatest that is right
   * @param took the time to load and compute
   */
  record Computed(
      Device device, String backend, double maxDifference, double tolerance, Duration took)
      implements Verification {

    /** Checks for nulls. */
    public Computed {
      Objects.requireNonNull(device, "device");
      Objects.requireNonNull(backend, "backend");
      Objects.requireNonNull(took, "took");
    }

    /**
     * Whether the numbers are right.
     *
     * @return whether none differs by more than the tolerance
     */
    public boolean isRight() {
      return maxDifference <= tolerance;
    }

    @Override
    public void requireRight() {
      if (!isRight()) {
        throw new BackendException(
            "The backend '"
                + backend
                + "' computes wrong numbers on "
                + device
                + ": a logit differs by "
                + maxDifference
                + "; expected "
                + tolerance
                + " at most. Update the device's driver, or use another backend or device.");
      }
    }
  }

  /**
   * It failed.
   *
   * @param device the device
   * @param backend the backend
   * @param cause why: an {@link dev.loquat.error.OutOfMemoryException} where the device is full, a
   *     {@link dev.loquat.error.DeviceUnavailableException} where it is lost, claimed by others or
   *     its driver too old, a {@link BackendException} otherwise
   */
  record Failed(Device device, String backend, LoquatException cause) implements Verification {

    /** Checks for nulls. */
    public Failed {
      Objects.requireNonNull(device, "device");
      Objects.requireNonNull(backend, "backend");
      Objects.requireNonNull(cause, "cause");
    }

    @Override
    public void requireRight() {
      throw cause;
    }
  }

  /**
   * It was not tried, since the backend can't use the device.
   *
   * @param device the device
   * @param backend the backend
   * @param reason the missing piece
   */
  record Unusable(Device device, String backend, String reason) implements Verification {

    /** Checks for nulls. */
    public Unusable {
      Objects.requireNonNull(device, "device");
      Objects.requireNonNull(backend, "backend");
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public void requireRight() {
      throw new BackendUnavailableException(
          "The backend '" + backend + "' can't use " + device + ": " + reason);
    }
  }
}
