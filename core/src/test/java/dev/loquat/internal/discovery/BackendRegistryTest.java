package dev.loquat.internal.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.MlpConfig;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.RotaryConfig;
import dev.loquat.checkpoint.RotaryScaling;
import dev.loquat.device.AbsentDevice;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceDiscovery;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendUnavailableException;
import dev.loquat.error.DeviceUnavailableException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackendRegistryTest {
  private static final String ONNX = "dev.loquat:loquat-backend-onnx (ONNX Runtime: CPU, CUDA)";
  private static final String DJL =
      "dev.loquat:loquat-backend-djl (PyTorch: CPU, CUDA, ROCm, Apple MPS)";
  private static final String INCOMPLETE =
      "it is not wholly on the path, or its parts are of different versions:"
          + " java.lang.ClassNotFoundException: half.Tensor";
  private static final DeviceDiscovery CPU_ONLY =
      new DeviceDiscovery(
          List.of(new DeviceInfo(Device.cpu(), "cpu", 8, 4)),
          List.of(new AbsentDevice(DeviceKind.CUDA, "libcuda.so.1 not found")));
  private static final DeviceDiscovery TWO_GPUS =
      new DeviceDiscovery(
          List.of(
              new DeviceInfo(Device.cpu(), "cpu", 800, 400),
              new DeviceInfo(Device.cuda(0), "small", 8, 4),
              new DeviceInfo(Device.cuda(1), "big", 80, 40)),
          List.of());

  @Test
  void takesTheHighestPriority() {
    BackendRegistry registry = registry(cpu("alpha", 1), cpu("beta", 2));
    assertThat(choose(registry, CPU_ONLY).provider().name()).isEqualTo("beta");
  }

  @Test
  void takesTheFirstNameOfEqualPriorities() {
    BackendRegistry registry = registry(cpu("beta", 1), cpu("alpha", 1));
    assertThat(choose(registry, CPU_ONLY).provider().name()).isEqualTo("alpha");
  }

  @Test
  void takesTheGpuWithTheMostFreeMemory() {
    FakeProvider gpu =
        new FakeProvider(
            "gpu",
            0,
            Map.of(DeviceKind.CUDA, Support.yes(), DeviceKind.CPU, Support.yes()),
            Support.yes());
    assertThat(choose(registry(gpu, cpu("cpu", 9)), TWO_GPUS).device()).isEqualTo(Device.cuda(1));
  }

  @Test
  void fallsBackToTheCpuWhereNoBackendUsesTheGpu() {
    assertThat(choose(registry(cpu("cpu", 1)), TWO_GPUS).device()).isEqualTo(Device.cpu());
  }

  @Test
  void knowsWhomItAsksFirstOnlyWhereThatIsSure() {
    BackendRegistry two = registry(cpu("alpha", 1), cpu("beta", 2));
    Optional<Device> any = Optional.empty();
    Optional<String> unnamed = Optional.empty();
    assertThat(two.firstAsked(unnamed, any)).isEmpty();
    assertThat(two.firstAsked(Optional.of("alpha"), any).orElseThrow().name()).isEqualTo("alpha");
    assertThat(two.firstAsked(Optional.of("gamma"), any)).isEmpty();
    assertThat(two.firstAsked(unnamed, Optional.of(Device.cpu())).orElseThrow().name())
        .isEqualTo("beta");
    assertThat(registry(cpu("alpha", 1)).firstAsked(unnamed, any)).isPresent();
    assertThat(registry().firstAsked(unnamed, Optional.of(Device.cpu()))).isEmpty();
  }

  @Test
  void obeysTheNameAsked() {
    BackendRegistry registry = registry(cpu("alpha", 1), cpu("beta", 2));
    BackendChoice choice = registry.choose(query(CPU_ONLY, Optional.empty(), Optional.of("alpha")));
    assertThat(choice.provider().name()).isEqualTo("alpha");
  }

  @Test
  void namesTheArtifactsWhereNoBackendIsOnThePath() {
    assertThatThrownBy(() -> choose(registry(), CPU_ONLY))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessage(
            "No backend is on the path. Add one of the dependencies " + DJL + " or " + ONNX);
  }

  @Test
  void namesTheArtifactOfTheBackendAskedFor() {
    BackendRegistry registry = registry(cpu("alpha", 1), cpu("beta", 2));
    assertThatThrownBy(
            () -> registry.choose(query(CPU_ONLY, Optional.empty(), Optional.of("onnx"))))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessage(
            "No backend is named 'onnx'. On the path: alpha, beta. Add the dependency "
                + ONNX
                + ".");
  }

  @Test
  void saysThatNamesAreInLowerCase() {
    BackendRegistry registry = registry(cpu("alpha", 1));
    assertThatThrownBy(
            () -> registry.choose(query(CPU_ONLY, Optional.empty(), Optional.of("Alpha"))))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessage(
            "No backend is named 'Alpha'. On the path: alpha. Names are in lower case: choose"
                + " 'alpha'.");
  }

  @Test
  void goesOnWithoutABackendWhoseClassesAreMissing() {
    BackendRegistry registry = registry(new IncompleteProvider("half", 2), cpu("whole", 1));
    assertThat(choose(registry, CPU_ONLY).provider().name()).isEqualTo("whole");
    assertThat(registry.supports(Device.cpu()))
        .containsEntry("whole", Support.yes())
        .containsEntry("half", Support.no(INCOMPLETE));
  }

  /** DJL's answer where its engine's own files are missing. */
  @Test
  void goesOnWithoutABackendThatFindsItselfIncomplete() {
    IncompleteProvider half =
        new IncompleteProvider("half", 2, new AssertionError("No version found"));
    assertThat(registry(half, cpu("whole", 1)).supports(Device.cpu()))
        .containsEntry("whole", Support.yes())
        .hasEntrySatisfying(
            "half",
            support -> assertThat(support.toString()).contains("AssertionError: No version found"));
  }

  @Test
  void saysWhichClassesOfABackendAreMissing() {
    assertThatThrownBy(() -> choose(registry(new IncompleteProvider("half", 2)), CPU_ONLY))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContaining("  half on cpu: " + INCOMPLETE);
  }

  @Test
  void listsEveryBackendWithItsReason() {
    FakeProvider picky =
        new FakeProvider(
            "picky",
            1,
            Map.of(DeviceKind.CPU, Support.yes()),
            Support.no("head dim 7 is no multiple of 16"));
    FakeProvider absent =
        new FakeProvider(
            "gpu", 2, Map.of(DeviceKind.CPU, Support.no("it wants a GPU")), Support.yes());
    assertThatThrownBy(() -> choose(registry(picky, absent), CPU_ONLY))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessage(
            "No backend can run this llama model in FP32:\n"
                + "  gpu on cpu: it wants a GPU\n"
                + "  picky on cpu: head dim 7 is no multiple of 16\n"
                + "Not on the path: "
                + DJL
                + " or "
                + ONNX);
  }

  @Test
  void saysWhyADeviceIsAbsent() {
    BackendRegistry registry = registry(cpu("alpha", 1));
    assertThatThrownBy(
            () -> registry.choose(query(CPU_ONLY, Optional.of(Device.cuda(1)), Optional.empty())))
        .isInstanceOf(DeviceUnavailableException.class)
        .hasMessage(
            "Device cuda:1 is not on this machine, which has [cpu]. CUDA: libcuda.so.1 not found."
                + " Choose one of these, or none to get the best.");
  }

  @Test
  void refusesTwoBackendsOfOneName() {
    assertThatThrownBy(() -> registry(cpu("twin", 1), cpu("twin", 2)))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageStartingWith("Two backends are named 'twin'");
  }

  @Test
  void tellsOfProvidersThatFailToLoad() {
    BackendRegistry registry = new BackendRegistry(List.of(), List.of("x.Y not found"));
    assertThatThrownBy(() -> choose(registry, CPU_ONLY))
        .hasMessageStartingWith("No backend is on the path (failed to load: x.Y not found).");
  }

  private static BackendChoice choose(BackendRegistry registry, DeviceDiscovery machine) {
    return registry.choose(query(machine, Optional.empty(), Optional.empty()));
  }

  private static BackendRegistry registry(BackendProvider... providers) {
    return new BackendRegistry(List.of(providers), List.of());
  }

  private static FakeProvider cpu(String name, int priority) {
    return new FakeProvider(name, priority, Map.of(DeviceKind.CPU, Support.yes()), Support.yes());
  }

  private static BackendQuery query(
      DeviceDiscovery machine, Optional<Device> device, Optional<String> backend) {
    RotaryConfig rotary = new RotaryConfig(16, 10_000, new RotaryScaling.None());
    AttentionConfig attention =
        new AttentionConfig(1, 1, 16, 0.25, false, false, AttentionConfig.FULL, rotary);
    LayerConfig layer = new LayerConfig(attention, new MlpConfig(32, false));
    ModelConfig model = new ModelConfig("llama", 16, 32, 64, 1e-6, true, List.of(layer));
    return new BackendQuery(model, Precision.FP32, false, Precision.AUTO, machine, device, backend);
  }
}
