package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Loquat;
import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.diagnosis.Verification;
import dev.loquat.error.BackendException;
import dev.loquat.error.DeviceUnavailableException;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.testkit.mutation.ProviderDecorator;
import dev.loquat.testkit.reference.ReferenceBackendProvider;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class VerifyTest extends StagedModels {

  @Test
  void findsTheReferenceRight() {
    stage(new ReferenceBackendProvider());
    Verification.Computed computed = (Verification.Computed) onlyVerification();
    assertThat(computed.isRight()).isTrue();
    assertThat(computed.maxDifference()).isLessThan(1e-4);
    assertThat(computed.backend()).isEqualTo(StagedProvider.NAME);
    assertThat(computed.device()).isEqualTo(Device.cpu());
  }

  /** Letters of a script are no logits of the model. */
  @Test
  void findsAnotherModelsNumbersWrong() {
    stage(lettersProvider());
    Verification verification = onlyVerification();
    assertThat(((Verification.Computed) verification).isRight()).isFalse();
    assertThatThrownBy(verification::requireRight)
        .hasMessageStartingWith("The backend 'staged' computes wrong numbers on cpu: ");
  }

  @Test
  void findsNumbersWrongThatAreNone() {
    stage(new NanProvider());
    assertThat(((Verification.Computed) onlyVerification()).maxDifference()).isInfinite();
  }

  @Test
  void tellsWhatABackendLacks() {
    stage(
        new ProviderDecorator() {
          @Override
          public Support supports(Device device) {
            return Support.no("add its library");
          }
        });
    assertThat(onlyVerification())
        .isEqualTo(new Verification.Unusable(Device.cpu(), StagedProvider.NAME, "add its library"));
  }

  @Test
  void keepsATypedFailure() {
    OutOfMemoryException full = new OutOfMemoryException("The device is full.", 9, 1);
    assertThat(
            failure(
                () -> {
                  throw full;
                }))
        .isSameAs(full);
  }

  @Test
  void namesTheBackendOfAFailureWithoutType() {
    assertThat(
            failure(
                () -> {
                  throw new IllegalStateException("kernel 7");
                }))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "The backend 'staged' failed on cpu: java.lang.IllegalStateException: kernel 7. Try"
                + " another backend, and report it to its author.");
    assertThat(
            failure(
                () -> {
                  throw new UnsatisfiedLinkError("no symbol");
                }))
        .isInstanceOf(BackendException.class);
  }

  @Test
  void refusesADeviceThatIsNotThere() {
    assertThatThrownBy(() -> Loquat.verify(Device.rocm(99)))
        .isInstanceOf(DeviceUnavailableException.class)
        .hasMessageStartingWith("Device rocm:99 is not on this machine, which has ");
  }

  private static Throwable failure(Supplier<Backend> opening) {
    StagedProvider.put(
        new ProviderDecorator() {
          @Override
          public Backend open(Checkpoint checkpoint, BackendOptions options) {
            return opening.get();
          }
        });
    return ((Verification.Failed) onlyVerification()).cause();
  }

  private static Verification onlyVerification() {
    List<Verification> all = Loquat.verify(Device.cpu());
    return all.stream()
        .filter(verification -> verification.backend().equals(StagedProvider.NAME))
        .findFirst()
        .orElseThrow();
  }
}
