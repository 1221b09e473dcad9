package dev.loquat.internal.worker;

import dev.loquat.error.BackendException;
import dev.loquat.error.LoquatException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.error.WorkerException;
import dev.loquat.generation.EngineLoad;
import dev.loquat.internal.engine.EventChannel;
import dev.loquat.internal.engine.GenerationHandle;
import dev.loquat.internal.engine.Interruptions;
import dev.loquat.internal.engine.PreparedRequest;
import dev.loquat.internal.replica.Replica;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An engine in another process.
 *
 * <p>Safe for use by several threads. A thread of its own hears what the process tells.
 */
public final class WorkerReplica implements Replica {
  private static final Duration EXIT_PATIENCE = Duration.ofSeconds(5);

  private final String name;
  private final WorkerProcess process;
  private final WorkerInfo info;
  private final WorkerEars ears;
  private final RunningCalls running;
  private final Map<Long, CompletableFuture<Void>> emptying = new ConcurrentHashMap<>();
  private final CompletableFuture<LoquatException> ended = new CompletableFuture<>();
  private final AtomicLong ids = new AtomicLong();
  private final Thread reader;
  private final Heartbeat heartbeat;
  private volatile boolean isClosing;
  private volatile EngineLoad load;
  private volatile @Nullable LoquatException end;

  private WorkerReplica(String name, WorkerProcess process, WorkerInfo info, WorkerEars ears) {
    this.name = name;
    running = new RunningCalls(name);
    this.process = process;
    this.info = info;
    this.ears = ears;
    load = new EngineLoad(0, 0, 0, info.slots());
    heartbeat = Heartbeat.of(process, this::hasEnded);
    reader = new Thread(this::listen, name + "-reader");
    reader.setDaemon(true);
  }

  /**
   * Takes a process and has it load a model; waits for that.
   *
   * @param name what messages call it
   * @param processes where the process comes from
   * @param terms what it loads
   * @param ears what hears of its steps and memory
   * @return the running replica; the caller closes it
   * @throws WorkerException if the process can't be started or ends
   * @throws LoquatException if it can't load the model
   */
  public static WorkerReplica start(
      String name, WorkerProcesses processes, WorkerTerms terms, WorkerEars ears) {
    WorkerProcess process = processes.next(name);
    boolean loaded = false;
    try {
      process.connection().send(new ToWorker.Load(terms));
      WorkerReplica replica = new WorkerReplica(name, process, loaded(process, name, ears), ears);
      replica.reader.start();
      replica.heartbeat.start();
      loaded = true;
      return replica;
    } finally {
      if (!loaded) {
        process.destroy();
      }
    }
  }

  private static WorkerInfo loaded(WorkerProcess process, String name, WorkerEars ears) {
    try {
      while (true) {
        ToParent message = process.connection().receive();
        if (message instanceof ToParent.Loaded loaded) {
          return loaded.info();
        } else if (message instanceof ToParent.Ended failed) {
          throw failed.cause().exception(name);
        }
        ears.hear(message);
      }
    } catch (IOException e) {
      process.await(EXIT_PATIENCE);
      throw new WorkerException(
          "The process of "
              + name
              + " "
              + process.ending()
              + " while it loaded the model."
              + process.lastWords(),
          e);
    }
  }

  /**
   * What the process has loaded.
   *
   * @return as of its start
   */
  public WorkerInfo info() {
    return info;
  }

  @Override
  public List<GenerationHandle> take(PreparedRequest request) {
    long id = ids.getAndIncrement();
    List<EventChannel> parts = running.begin(id, request.parts());
    LoquatException over = end;
    if (over != null) {
      running.forget(id);
      throw ended(over);
    }
    submit(id, request);
    return parts.stream().map(part -> handle(id, part)).toList();
  }

  private void submit(long id, PreparedRequest request) {
    try {
      process.connection().send(new ToWorker.Submit(id, request.request(), request.elapsedNanos()));
    } catch (IllegalArgumentException e) {
      running.fail(id, new BackendException(String.valueOf(e.getMessage()), e));
    }
  }

  private GenerationHandle handle(long id, EventChannel events) {
    return new GenerationHandle(
        events, () -> process.connection().send(new ToWorker.Cancel(id)), this::isOwnThread);
  }

  @Override
  public EngineLoad load() {
    return load;
  }

  @Override
  public void emptyCache() {
    long id = ids.getAndIncrement();
    CompletableFuture<Void> done = new CompletableFuture<>();
    emptying.put(id, done);
    try {
      LoquatException over = end;
      if (over != null) {
        throw over;
      }
      process.connection().send(new ToWorker.EmptyCache(id));
      done.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof LoquatException failure ? failure : e;
    } finally {
      emptying.remove(id);
    }
  }

  @Override
  public boolean hasEnded() {
    return end != null;
  }

  @Override
  public void onEnd(Consumer<LoquatException> listener) {
    var unused = ended.thenAccept(listener);
  }

  @Override
  public boolean isOwnThread() {
    return Thread.currentThread() == reader;
  }

  @Override
  public void requestClose() {
    isClosing = true;
    process.connection().send(new ToWorker.Close());
  }

  /** A process that has nothing to do may still give everything back. */
  @Override
  public boolean awaitStep(Duration patience) {
    return process.await(patience) || running.isEmpty();
  }

  @Override
  public boolean close(Duration patience) {
    requestClose();
    if (!hasComeBack(patience)) {
      process.destroy();
    }
    boolean isGone = process.await(EXIT_PATIENCE);
    boolean unused = Interruptions.join(reader, EXIT_PATIENCE);
    ears.close();
    return isGone;
  }

  /** Patience is for what runs: where nothing does, giving everything back takes its time. */
  private boolean hasComeBack(Duration patience) {
    return process.await(patience) || (running.isEmpty() && process.await(EXIT_PATIENCE));
  }

  private void listen() {
    LoquatException cause;
    try {
      cause = hearAll();
    } catch (IOException e) {
      cause = isClosing ? closed() : broken(e);
    } catch (RuntimeException | Error e) {
      cause = unheard(e);
    }
    end = cause;
    process.destroy();
    LoquatException reason = cause;
    running.failAll(reason);
    emptying.values().forEach(done -> done.completeExceptionally(reason));
    ears.silence();
    ended.complete(reason);
  }

  /** Hears everything until the process says that it ends. */
  private LoquatException hearAll() throws IOException {
    while (true) {
      ToParent message = process.connection().receive();
      heartbeat.heard();
      if (message instanceof ToParent.Ended failed) {
        return failed.cause().exception(name);
      }
      hear(message);
    }
  }

  private void hear(ToParent message) {
    if (message instanceof ToParent.Started started) {
      running.start(started.id());
    } else if (message instanceof ToParent.News news) {
      running.hear(news);
    } else if (message instanceof ToParent.Load news) {
      load = news.load();
    } else if (message instanceof ToParent.Emptied emptied) {
      hear(emptied);
    } else {
      ears.hear(message);
    }
  }

  private void hear(ToParent.Emptied emptied) {
    CompletableFuture<Void> done = emptying.get(emptied.id());
    if (done != null) {
      emptied
          .failure()
          .ifPresentOrElse(
              failure -> done.completeExceptionally(failure.exception(name)),
              () -> done.complete(null));
    }
  }

  private static ModelClosedException ended(LoquatException cause) {
    return new ModelClosedException(String.valueOf(cause.getMessage()), cause);
  }

  private static LoquatException closed() {
    return new ModelClosedException("The model was closed; load it again to go on.");
  }

  private WorkerException broken(IOException cause) {
    process.await(EXIT_PATIENCE);
    return over(process.ending(), cause);
  }

  private WorkerException unheard(Throwable cause) {
    return over("is ended, since what it told could not be taken in: " + cause, cause);
  }

  private WorkerException over(String what, Throwable cause) {
    return new WorkerException(
        "The process of "
            + name
            + " (pid "
            + process.pid()
            + ") "
            + what
            + ". It is started again."
            + process.lastWords(),
        cause);
  }
}
