package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.Support;
import dev.loquat.backend.Support.Unsupported;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendException;
import dev.loquat.testkit.TransformersModel;
import java.util.EnumSet;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DjlBackendProviderTest {
  private static final String CUDA =
      "ai.djl.pytorch:pytorch-native-cu128:2.7.1 on the path, or PYTORCH_LIBRARY_PATH at the folder"
          + " of a PyTorch built for CUDA and PYTORCH_FLAVOR=cu128, and NVIDIA's driver";

  private final BackendProvider provider = new DjlBackendProvider();

  @Test
  void isFoundAsAService() {
    assertThat(ServiceLoader.load(BackendProvider.class))
        .hasExactlyElementsOfTypes(DjlBackendProvider.class);
    assertThat(provider.name()).isEqualTo("djl");
  }

  @ParameterizedTest
  @CsvSource({"cpu,100", "cuda:1,100", "rocm,300", "mps,300"})
  void prefersDevicesThatNoOtherBackendHas(String device, int priority) {
    assertThat(provider.priority(Device.parse(device))).isEqualTo(priority);
  }

  @Test
  void computesOnTheProcessorInEveryPrecisionButOne() {
    assertThat(provider.supports(Device.cpu())).isEqualTo(Support.yes());
    try (Checkpoint checkpoint = Checkpoint.open(Fixtures.folder(TransformersModel.LLAMA))) {
      for (Precision precision : EnumSet.complementOf(EnumSet.of(Precision.AUTO))) {
        assertThat(
                provider.supports(checkpoint.config(), Device.cpu(), precision)
                    instanceof Support.Supported)
            .isEqualTo(precision != Precision.INT4_SYMMETRIC);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cuda:0|" + CUDA,
        "cuda:7|" + CUDA,
        "rocm:0|PYTORCH_LIBRARY_PATH at the folder of a PyTorch built for ROCm, and AMD's driver",
        "mps|ai.djl.pytorch:pytorch-native-cpu:2.7.1 with classifier osx-aarch64, and an Apple"
            + " processor"
      },
      quoteCharacter = '"')
  void saysWhatAnotherDeviceTakes(String device, String requirement) {
    assertThat(provider.supports(Device.parse(device)))
        .isInstanceOfSatisfying(
            Unsupported.class,
            no ->
                assertThat(no.reason())
                    .isEqualTo(
                        "PyTorch computes nothing on "
                            + device
                            + " as it is installed here; it takes "
                            + requirement
                            + "."));
  }

  @Test
  void opensNothingWithoutTheNativeLibrary() {
    BackendProvider without =
        new DjlBackendProvider(
            new TorchInstallation(Map.of("PYTORCH_LIBRARY_PATH", "/nowhere")::get));
    BackendOptions options = new BackendOptions(Device.cpu(), Precision.FP32, 1);
    try (Checkpoint checkpoint = Checkpoint.open(Fixtures.folder(TransformersModel.LLAMA))) {
      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> without.open(checkpoint, options))
          .withMessageStartingWith("PYTORCH_LIBRARY_PATH is /nowhere, but there is no ");
    }
  }

  @Test
  void holdsKeysAndValuesInNoTypeThatItDoesNotHave() {
    BackendOptions options =
        new BackendOptions(Device.cpu(), Precision.FP16, 1).withCachePrecision(Precision.INT8);
    try (Checkpoint checkpoint = Checkpoint.open(Fixtures.folder(TransformersModel.LLAMA))) {
      assertThatExceptionOfType(BackendException.class)
          .isThrownBy(() -> provider.open(checkpoint, options))
          .withMessage(
              "The backend 'djl' can't hold the KV cache in INT8: it holds keys and values in FP32"
                  + " on cpu. Leave the cache's precision to the backend, or use another backend.");
    }
  }

  @Test
  void leavesDjlsSwitchesAsTheyWere() {
    provider.supports(Device.cpu());
    assertThat(System.getProperty("ai.djl.offline")).isNull();
    assertThat(System.getProperty("OPT_OUT_TRACKING")).isNull();
  }
}
