package dev.loquat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendException;
import dev.loquat.error.DeviceUnavailableException;
import dev.loquat.quantization.ConversionCache;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Layers whose weights stay on disk. A backend may compute such layers or say that it does not;
 * then it must refuse to.
 */
abstract class OffloadContract extends PartsContract {
  OffloadContract() {}

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
  void modelOnDiskMatchesTheReferenceOrIsDeclaredUnsupported(Precision precision)
      throws IOException {
    try (Checkpoint checkpoint = checkpoint(ContractModel.STORED_AS_BF16)) {
      BackendOptions options = onDisk(precision, emptyFolder());
      if (isSupported(checkpoint, precision)) {
        runs(checkpoint, options);
        runs(checkpoint, options);
      } else {
        assertThatThrownBy(() -> provider().open(checkpoint, options))
            .isInstanceOfAny(DeviceUnavailableException.class, BackendException.class)
            .message()
            .isNotBlank();
      }
    }
  }

  @Test
  void weightsOnDiskAreNotCountedAsAllocated() throws IOException {
    try (Checkpoint checkpoint = checkpoint(ContractModel.STORED_AS_BF16)) {
      if (isSupported(checkpoint, Precision.FP32)) {
        Backend backend = openBackend(checkpoint, onDisk(Precision.FP32, emptyFolder()));
        assertThat(backend.allocatedBytes()).isLessThan(checkpoint.weightBytes());
      }
    }
  }

  private void runs(Checkpoint checkpoint, BackendOptions options) {
    Backend backend = openBackend(checkpoint, options);
    CheckedSession session =
        new CheckedSession(
            backend.openSession(LAYOUT), reference(checkpoint), tolerance(options.precision()));
    session.append(2, tokens(17, 1), 17);
    session.step(session.next(5, tokens(9, 2), 9), session.next(2, tokens(1, 3), 1));
  }

  private boolean isSupported(Checkpoint checkpoint, Precision precision) {
    return provider().supports(checkpoint.config(), Device.disk(), precision)
        instanceof Support.Supported;
  }

  private static BackendOptions onDisk(Precision precision, Path converted) {
    return new BackendOptions(
        Device.disk(), precision, BackendOptions.AUTO_THREADS, ConversionCache.in(converted));
  }
}
