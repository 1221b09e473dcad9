package dev.loquat;

import dev.loquat.checkpoint.hub.HubOptions;
import dev.loquat.checkpoint.source.ModelSource;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceDiscovery;
import dev.loquat.device.DeviceInfo;
import dev.loquat.diagnosis.DoctorReport;
import dev.loquat.diagnosis.Verification;
import dev.loquat.internal.diagnosis.Doctor;
import dev.loquat.internal.diagnosis.Verifier;
import dev.loquat.internal.discovery.BackendRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Where everything starts.
 *
 * <pre>{@code
 * Loquat.model("hf://HuggingFaceTB/SmolLM2-135M-Instruct").onDevice().generate("The capital of France is");
 * }</pre>
 */
public final class Loquat {
  /**
   * The small model of the artifact {@code loquat-model-tiny}, which answers questions on Loquat
   * and on running language models, and nothing else.
   */
  public static final String TINY_MODEL = "classpath:dev/loquat/models/tiny";

  private Loquat() {}

  /**
   * Names the model to load.
   *
   * @param source a folder, {@code classpath:some/path}, or {@code hf://owner/name[@revision]} for
   *     a model hub, from which nothing is fetched before the model is loaded
   * @return a loader with the default options
   * @throws IllegalArgumentException if it has none of these forms
   */
  public static ModelLoader model(String source) {
    return ModelLoader.of(
        ModelSource.parse(Objects.requireNonNull(source, "source")),
        HubOptions.fromEnvironment(System.getenv()));
  }

  /**
   * Names the model to load.
   *
   * @param folder a folder with a Hugging Face checkpoint
   * @return a loader with the default options
   */
  public static ModelLoader model(Path folder) {
    return ModelLoader.of(
        new ModelSource.Folder(Objects.requireNonNull(folder, "folder")),
        HubOptions.fromEnvironment(System.getenv()));
  }

  /**
   * Searches this machine for devices and asks the backends on the path about each. Takes up to
   * some seconds, since native libraries are loaded to find out.
   *
   * @return the devices found and the kinds that are absent
   */
  public static Devices devices() {
    DeviceDiscovery machine = DeviceDiscovery.search();
    BackendRegistry backends = BackendRegistry.load();
    List<DeviceReport> reports =
        machine.found().stream()
            .map(info -> new DeviceReport(info, backends.supports(info.device())))
            .toList();
    return new Devices(reports, machine.absent());
  }

  /**
   * Examines this machine: every device with all that is known of it, and for each backend, on the
   * path or not, whether it can use the device, or the missing piece and what brings it. Takes up
   * to some seconds, since native libraries are loaded to find out; computes nothing.
   *
   * @return the report, to be read or printed as text or JSON
   */
  public static DoctorReport doctor() {
    return new Doctor(DeviceDiscovery.search(), BackendRegistry.load()).examine();
  }

  /**
   * Has each backend on the path load a small model onto a device, compute it and compare with the
   * numbers that transformers computes for it on a CPU. Takes up to some seconds a backend and less
   * than a gigabyte of the device.
   *
   * @param device the device
   * @return what became of each backend, by name; what fails is in the results, with typed causes
   * @throws dev.loquat.error.DeviceUnavailableException if the device is not on this machine
   */
  public static List<Verification> verify(Device device) {
    DeviceInfo info = DeviceDiscovery.search().require(Objects.requireNonNull(device, "device"));
    return new Verifier(info, DeviceDiscovery.details(device)).verify(BackendRegistry.load());
  }

  /**
   * Closes the models that one-line calls keep open, each when its last generation ends. Later
   * calls load again.
   *
   * @see ModelLoader#generate(List)
   */
  public static void closeSharedModels() {
    SharedModels.INSTANCE.close();
  }
}
