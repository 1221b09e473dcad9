package dev.loquat;

import dev.loquat.checkpoint.hub.HubOptions;
import dev.loquat.checkpoint.source.ModelSource;
import dev.loquat.device.DeviceDiscovery;
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
   * Closes the models that one-line calls keep open, each when its last generation ends. Later
   * calls load again.
   *
   * @see ModelLoader#generate(List)
   */
  public static void closeSharedModels() {
    SharedModels.INSTANCE.close();
  }
}
