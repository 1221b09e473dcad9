package dev.loquat.benchmarks;

import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.backend.PlannedUse;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say which model runs in which backend, and how. */
public final class ModelOptions {
  @Option(
      names = "--model",
      required = true,
      description = "a checkpoint's folder; load also takes classpath:path and hf://owner/name")
  private String model = "";

  @Option(names = "--backend", required = true, description = "a backend's name: onnx, djl")
  private String backend = "";

  @Option(
      names = "--precision",
      description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
  private Precision precision = Precision.FP32;

  @Option(
      names = "--cache-precision",
      description = "what keys and values are held in; default: the backend's choice")
  private Precision cachePrecision = Precision.AUTO;

  @Option(names = "--threads", description = "threads; 0, the default, for the backend's choice")
  private int threads = BackendOptions.AUTO_THREADS;

  @Option(names = "--device", description = "cpu, cuda:N, rocm:N or mps; default: ${DEFAULT-VALUE}")
  private String device = "cpu";

  /** Creates it with the default options. */
  public ModelOptions() {}

  /**
   * The checkpoint's folder.
   *
   * @return an existing folder, as given
   * @throws IllegalArgumentException if there is none
   */
  public Path folder() {
    Path folder = Path.of(model);
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "--model is " + model + ", which is no folder; expected one with a checkpoint");
    }
    return folder;
  }

  /**
   * The precision to load the model in.
   *
   * @return the precision asked for
   */
  public Precision precision() {
    return precision;
  }

  /**
   * The threads to compute with.
   *
   * @return as asked for; the cores of this machine where the choice was left to the backend
   */
  public int threadsOrCores() {
    return threads == BackendOptions.AUTO_THREADS
        ? Runtime.getRuntime().availableProcessors()
        : threads;
  }

  /**
   * Loads the model.
   *
   * @param checkpoint the open checkpoint of the folder; stays the caller's
   * @return the loaded model; the caller closes it
   * @throws IllegalArgumentException if no backend has the name
   */
  public Backend load(Checkpoint checkpoint) {
    return provider().open(checkpoint, options());
  }

  /**
   * Asks the backend what the model would take.
   *
   * @param checkpoint the open checkpoint of the folder; stays the caller's
   * @param use how much it would do
   * @return the estimate
   * @throws IllegalArgumentException if no backend has the name
   */
  public MemoryEstimate estimate(Checkpoint checkpoint, PlannedUse use) {
    return provider().estimate(checkpoint, options(), use);
  }

  private BackendOptions options() {
    return new BackendOptions(Device.parse(device), precision, threads)
        .withCachePrecision(cachePrecision);
  }

  /**
   * Begins to load the model as applications do.
   *
   * @return a loader with these options
   * @throws IllegalArgumentException if no backend has the name
   */
  public ModelLoader loader() {
    return loader(provider().name());
  }

  /**
   * Loads the model as applications do, with a clock at its steps.
   *
   * @param clock notes the steps
   * @param batch the slots, 1 or more
   * @return the model; the caller closes it
   * @throws IllegalArgumentException if no backend has the name
   */
  public Model loadTimed(StepClock clock, int batch) {
    TimedProvider.measure(provider(), clock);
    return loader(TimedProvider.NAME).batch(batch).load();
  }

  private ModelLoader loader(String name) {
    ModelLoader loader =
        Loquat.model(model).backend(name).onDevice(Device.parse(device)).withPrecision(precision);
    ModelLoader cached =
        cachePrecision == Precision.AUTO ? loader : loader.withCachePrecision(cachePrecision);
    return threads == BackendOptions.AUTO_THREADS ? cached : cached.threads(threads);
  }

  private BackendProvider provider() {
    List<BackendProvider> providers = Backends.found();
    return providers.stream()
        .filter(provider -> provider.name().equals(backend))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(unknown(providers)));
  }

  private String unknown(List<BackendProvider> providers) {
    List<String> names = providers.stream().map(BackendProvider::name).toList();
    return "No backend is named '" + backend + "'; expected one of " + names;
  }
}
