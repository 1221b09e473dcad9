package dev.loquat;

import dev.loquat.BackendAssembly.Loaded;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.hub.DownloadListener;
import dev.loquat.checkpoint.source.ModelFolder;
import dev.loquat.internal.engine.Engine;
import dev.loquat.internal.worker.WorkerInfo;
import dev.loquat.internal.worker.WorkerServer;
import dev.loquat.internal.worker.WorkerTerms;
import dev.loquat.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The program of a replica's process: loads a model and serves the process that started it. */
final class ReplicaWorker {
  private final WorkerServer server;
  private final long started = System.nanoTime();

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
      new ReplicaWorker(WorkerServer.connect(Path.of(arguments[0]))).run();
      status = 0;
    } catch (IOException e) {
      // Who would be told has gone.
    } finally {
      Runtime.getRuntime().halt(status);
    }
  }

  private void run() throws IOException {
    WorkerTerms terms = server.terms();
    try {
      serve(LoadOptions.of(terms));
    } catch (RuntimeException | Error e) {
      server.end(e);
    }
  }

  private void serve(LoadOptions options) throws IOException {
    Engine engine;
    WorkerInfo info;
    try (ModelFolder folder =
            ModelFolder.resolve(options.source(), options.hub(), DownloadListener.none());
        Checkpoint checkpoint = Checkpoint.open(folder.folder())) {
      Loaded loaded = load(options, checkpoint);
      info = info(loaded);
      engine = start(options, checkpoint, loaded);
    }
    server.serve(engine, info);
  }

  private Loaded load(LoadOptions options, Checkpoint checkpoint) {
    Planning planning = Planning.of(options, checkpoint);
    return new BackendAssembly(options, DownloadListener.none())
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

  private Engine start(LoadOptions options, Checkpoint checkpoint, Loaded loaded) {
    return new EngineAssembly(
            options,
            List.of(server.listener()),
            checkpoint,
            Tokenizer.open(checkpoint.folder()),
            Duration.ofNanos(System.nanoTime() - started))
        .single(loaded);
  }
}
