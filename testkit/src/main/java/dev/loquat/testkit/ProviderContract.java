package dev.loquat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendException;
import dev.loquat.error.DeviceUnavailableException;
import dev.loquat.error.UnsupportedModelException;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a provider says before anything is loaded. */
abstract class ProviderContract extends ContractFixture {
  private static final Device ABSENT = Device.cuda(63);

  ProviderContract() {}

  @Test
  void nameHasLowerCaseLettersDigitsAndDashes() {
    assertThat(provider().name()).matches("[a-z0-9]+(-[a-z0-9]+)*");
  }

  @Test
  void hasPublicConstructorWithoutArguments() throws NoSuchMethodException {
    Class<? extends BackendProvider> type = provider().getClass();
    assertThat(Modifier.isPublic(type.getConstructor().getModifiers())).isTrue();
    assertThat(Modifier.isPublic(type.getModifiers())).isTrue();
  }

  @Test
  void isFoundByServiceLoaderUnderItsName() {
    assertThat(ServiceLoader.load(BackendProvider.class))
        .filteredOn(found -> found.getClass() == provider().getClass())
        .extracting(BackendProvider::name)
        .as("names of the providers of this class in META-INF/services")
        .containsExactly(provider().name());
  }

  @Test
  void answersTheSameTwice() {
    BackendProvider provider = provider();
    assertThat(provider.supports(device())).isEqualTo(provider.supports(device()));
    assertThat(provider.priority(device())).isEqualTo(provider.priority(device()));
    assertThat(provider.name()).isEqualTo(provider.name());
  }

  @Test
  void saysThatAnAbsentDeviceIsUnsupported() throws IOException {
    try (Checkpoint checkpoint = checkpoint(ContractModel.PLAIN)) {
      assertUnsupported(provider().supports(ABSENT));
      assertUnsupported(provider().supports(checkpoint.config(), ABSENT, Precision.FP32));
    }
  }

  @Test
  void refusesToOpenOnAnAbsentDevice() throws IOException {
    try (Checkpoint checkpoint = checkpoint(ContractModel.PLAIN)) {
      assertThatThrownBy(() -> provider().open(checkpoint, options(ABSENT, Precision.FP32)))
          .isInstanceOfAny(DeviceUnavailableException.class, BackendException.class)
          .message()
          .isNotBlank();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
  void everyPrecisionMatchesTheReferenceOrIsDeclaredUnsupported(Precision precision)
      throws IOException {
    if (isSupported(ContractModel.PLAIN, precision)) {
      runs(ContractModel.PLAIN, precision);
    } else {
      refusesToOpen(ContractModel.PLAIN, precision);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
  void reportsTheRequestedPrecision(Precision precision) throws IOException {
    try (Checkpoint checkpoint = checkpoint(ContractModel.PLAIN)) {
      if (isSupported(ContractModel.PLAIN, precision)) {
        assertThat(openBackend(checkpoint, precision).precision().requested()).isEqualTo(precision);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyModelMatchesTheReferenceOrIsDeclaredUnsupported(ContractModel model)
      throws IOException {
    if (isSupported(model, Precision.FP32)) {
      runs(model, Precision.FP32);
    } else {
      refusesToOpen(model, Precision.FP32);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FP32", "FP16", "INT8"})
  void holdsTheKvCacheAsAskedOrSaysWhatItDoes(Precision cache) throws IOException {
    BackendOptions options = options(device(), Precision.FP32).withCachePrecision(cache);
    try (Checkpoint checkpoint = checkpoint(ContractModel.PLAIN)) {
      if (provider().supportsCache(device(), Precision.FP32, cache)
          instanceof Support.Unsupported unsupported) {
        assertThatThrownBy(() -> provider().open(checkpoint, options))
            .isInstanceOf(BackendException.class)
            .hasMessageContaining(unsupported.reason());
        return;
      }
      Backend backend = openBackend(checkpoint, options);
      assertThat(backend.cachePrecision()).isEqualTo(cache);
      // What every position is rounded to counts in every later one.
      double twice = 2 * tolerance(cache);
      runs(new CheckedSession(backend.openSession(LAYOUT), reference(checkpoint), twice));
    }
  }

  private void runs(ContractModel model, Precision precision) throws IOException {
    runs(openSession(model, precision));
  }

  /** Prefills in two chunks, the second longer than a sliding window, and decodes. */
  private static void runs(CheckedSession session) {
    session.append(2, tokens(7, 1), 7);
    session.append(2, tokens(40, 2), 40);
    session.append(2, tokens(1, 3), 1);
    session.step(session.next(5, tokens(30, 4), 30), session.next(2, tokens(1, 5), 1));
  }

  private void refusesToOpen(ContractModel model, Precision precision) throws IOException {
    try (Checkpoint checkpoint = checkpoint(model)) {
      assertThatThrownBy(() -> provider().open(checkpoint, options(device(), precision)))
          .isInstanceOfAny(UnsupportedModelException.class, BackendException.class)
          .message()
          .isNotBlank();
    }
  }

  private boolean isSupported(ContractModel model, Precision precision) throws IOException {
    try (Checkpoint checkpoint = checkpoint(model)) {
      return provider().supports(checkpoint.config(), device(), precision)
          instanceof Support.Supported;
    }
  }

  private static void assertUnsupported(Support support) {
    assertThat(support).isInstanceOf(Support.Unsupported.class);
  }
}
