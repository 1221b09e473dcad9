package dev.loquat;

import dev.loquat.BackendAssembly.Loaded;
import dev.loquat.backend.BackendProvider;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.hub.DownloadListener;
import dev.loquat.checkpoint.source.ModelFolder;
import dev.loquat.checkpoint.source.ModelSource;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceDiscovery;
import dev.loquat.device.DeviceInfo;
import dev.loquat.diagnosis.Verification;
import dev.loquat.error.LoquatException;
import dev.loquat.internal.diagnosis.Verifier;
import dev.loquat.internal.discovery.BackendRegistry;
import dev.loquat.internal.engine.Engine;
import dev.loquat.internal.worker.WorkerInfo;
import dev.loquat.internal.worker.WorkerServer;
import dev.loquat.internal.worker.WorkerTerms;
import dev.loquat.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The program of a replica's process: loads a model and serves the process that started it. */
final class ReplicaWorker {
  private final WorkerServer server;
  private final AfterLoad afterLoad = new AfterLoad();

  private ReplicaWorker(WorkerServer server) {
    this.server = server;
  }

  /**
   * Serves until the other process says that it is enough, or has gone.
   *
   * @param arguments the socket of the process that started this one
   */
  public static void main(String[] arguments) {
    int status = 1;
    try {
      WorkerServer server = WorkerServer.connect(Path.of(arguments[0]));
      try {
        new ReplicaWorker(server).run();
        status = 0;
      } finally {
        server.leave();
      }
    } catch (IOException e) {
      // Who would be told has gone.
    } finally {
      Runtime.getRuntime().halt(status);
    }
  }

  private void run() throws IOException {
    WorkerTerms terms = server.terms(ReplicaWorker::prepare);
    long started = System.nanoTime();
    try {
      serve(LoadOptions.of(terms), started);
    } catch (RuntimeException | Error e) {
      server.end(e);
    }
  }

  /**
   * Loads the classes and native libraries that the model will want, by computing a small one on
   * the processor. What fails here is told when the model is loaded.
   */
  private static void prepare(WorkerTerms terms) {
    try {
      openTokenizer(LoadOptions.of(terms));
      compute(terms.backend());
    } catch (LoquatException | UncheckedIOException e) {
      return;
    }
  }

  /** A model on the class path would be unpacked for that, all of it. */
  private static void openTokenizer(LoadOptions options) {
    if (options.source() instanceof ModelSource.Classpath) {
      return;
    }
    try (ModelFolder folder =
        ModelFolder.resolve(options.source(), options.hub(), DownloadListener.none())) {
      Tokenizer.open(folder.folder()).close();
    }
  }

  private static void compute(String name) {
    List<BackendProvider> backend =
        BackendRegistry.load().providers().stream()
            .filter(provider -> provider.name().equals(name))
            .toList();
    DeviceInfo processor = DeviceDiscovery.search().require(Device.cpu());
    List<Verification> unused = new Verifier(processor, Optional.empty()).verify(backend);
  }

  private void serve(LoadOptions options, long started) throws IOException {
    Engine engine;
    WorkerInfo info;
    try (ModelFolder folder =
            ModelFolder.resolve(options.source(), options.hub(), DownloadListener.none());
        Checkpoint checkpoint = Checkpoint.open(folder.folder());
        TokenizerLoad tokenizer = TokenizerLoad.begin(checkpoint.folder())) {
      Loaded loaded = tokenizer.beside(() -> load(options, checkpoint));
      info = info(loaded);
      Duration load = Duration.ofNanos(System.nanoTime() - started);
      engine =
          new EngineAssembly(
                  options, List.of(server.listener()), checkpoint, tokenizer.await(), load)
              .single(loaded);
      tokenizer.handOver();
    }
    afterLoad.begin();
    server.serve(engine, info);
  }

  private Loaded load(LoadOptions options, Checkpoint checkpoint) {
    Planning planning = Planning.of(options, checkpoint);
    return new BackendAssembly(options, DownloadListener.none(), afterLoad)
        .load(checkpoint, planning, planning.choice().device(), server.memory());
  }

  private static WorkerInfo info(Loaded loaded) {
    return new WorkerInfo(
        loaded.backends().model().precision(),
        loaded.backends().model().cachePrecision(),
        loaded.backends().model().conversion(),
        loaded.layout().slots(),
        loaded.layout().contextLength());
  }
}
