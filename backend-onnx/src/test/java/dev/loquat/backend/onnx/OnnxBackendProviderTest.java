package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.MlpConfig;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.RotaryConfig;
import dev.loquat.checkpoint.RotaryScaling;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendException;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxBackendProviderTest {
  private final BackendProvider provider = new OnnxBackendProvider();

  @Test
  void isFoundByServiceLoader() {
    assertThat(ServiceLoader.load(BackendProvider.class))
        .extracting(BackendProvider::name)
        .contains("onnx");
  }

  @Test
  void supportsCpu() {
    assertThat(provider.supports(Device.cpu())).isEqualTo(Support.yes());
  }

  @Test
  void namesTheArtifactThatCudaNeeds() {
    assertThat(reason(provider.supports(Device.cuda(0))))
        .startsWith("com.microsoft.onnxruntime:onnxruntime_gpu:1.29.0 is missing: ")
        .contains("ONNX Runtime says: ")
        .doesNotContain("\n");
  }

  @Test
  void saysWhatToUseOnOtherDevices() {
    assertThat(reason(provider.supports(Device.rocm(0)))).contains("no ROCm");
    assertThat(reason(provider.supports(Device.mps()))).contains("CoreML");
  }

  @Test
  void supportsModelWhoseHeadsFit() {
    assertThat(provider.supports(model(16, 16), Device.cpu(), Precision.FP16))
        .isEqualTo(Support.yes());
  }

  @Test
  void refusesHeadDimThatAttentionCannotRotate() {
    assertThat(reason(provider.supports(model(24, 24), Device.cpu(), Precision.FP32)))
        .contains("layer 0 of the test model")
        .contains("head dim is 24")
        .contains("multiples of 16");
  }

  @Test
  void refusesPartlyRotatedHeads() {
    assertThat(reason(provider.supports(model(32, 16), Device.cpu(), Precision.FP32)))
        .contains("only 16 of 32 elements");
  }

  @Test
  void refusesToOpenWhatItDoesNotSupport(@TempDir Path folder) {
    RandomCheckpoint checkpoint = RandomCheckpoint.write(model(24, 24), folder);
    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(
            () -> provider.open(checkpoint, new BackendOptions(Device.cpu(), Precision.FP32, 1)))
        .withMessageContaining("head dim is 24");
    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(
            () -> provider.open(checkpoint, new BackendOptions(Device.cuda(0), Precision.FP32, 1)))
        .withMessageContaining("onnxruntime_gpu");
  }

  private static String reason(Support support) {
    assertThat(support).isInstanceOf(Support.Unsupported.class);
    return ((Support.Unsupported) support).reason();
  }

  private static ModelConfig model(int headDim, int rotated) {
    RotaryConfig rotary = new RotaryConfig(rotated, 10000, new RotaryScaling.None());
    AttentionConfig attention =
        new AttentionConfig(2, 1, headDim, 0.25, false, false, AttentionConfig.FULL, rotary);
    LayerConfig layer = new LayerConfig(attention, new MlpConfig(32, false));
    return new ModelConfig("test", 32, 64, 128, 1e-6, true, List.of(layer));
  }
}
