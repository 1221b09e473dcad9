package dev.loquat.internal.worker;

import dev.loquat.error.LoquatException;
import dev.loquat.internal.engine.Engine;
import dev.loquat.internal.engine.PreparedRequest;
import dev.loquat.memory.LeakCheck;
import dev.loquat.memory.MemoryLog;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.memory.MemoryReading;
import dev.loquat.observation.EngineListener;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * A worker's end: has one engine do what the other process asks for, and tells it what the engine
 * does.
 *
 * <p>One thread serves; it ends when it is told to, or when the other process has gone.
 */
public final class WorkerServer {
  /** How long the last messages may take to be written. */
  private static final long FAREWELL_MILLIS = 2_000;

  /** Requests are made ready beside each other, so that a long prompt does not hold up others. */
  private static final int INTAKE_THREADS = 2;

  private final Path socket;
  private final Connection<ToParent, ToWorker> connection;
  private final Map<Long, ServedCall> calls = new ConcurrentHashMap<>();
  private volatile boolean isClosing;
  private final ExecutorService intake = Executors.newFixedThreadPool(INTAKE_THREADS, this::daemon);

  private WorkerServer(Path socket, Connection<ToParent, ToWorker> connection) {
    this.socket = socket;
    this.connection = connection;
  }

  /**
   * Connects to the process that started this one.
   *
   * @param socket its socket
   * @return the worker's end
   * @throws IOException if nobody listens there
   */
  public static WorkerServer connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    return new WorkerServer(
        socket, new Connection<>(channel, ToParent.class, ToWorker.class, "loquat-worker-writer"));
  }

  /**
   * Waits to be told what to load.
   *
   * @param preparing makes ready for what will probably be loaded, where there is time for that
   * @return the terms
   * @throws IOException if the other process has gone
   */
  public WorkerTerms terms(Consumer<WorkerTerms> preparing) throws IOException {
    ToWorker first = connection.receive();
    if (first instanceof ToWorker.Prepare prepare) {
      preparing.accept(prepare.terms());
      first = connection.receive();
    }
    if (first instanceof ToWorker.Load load) {
      return load.terms();
    }
    throw new IOException("The first message does not say what to load");
  }

  /**
   * Where the engine's readings of memory go: to the other process.
   *
   * @return the log
   */
  public MemoryLog memory() {
    return new ForwardedMemory();
  }

  /**
   * What tells the other process of steps and generations.
   *
   * @return the listener
   */
  public EngineListener listener() {
    return new ForwardingListener(connection::send);
  }

  /**
   * Tells the other process that this one ends, and why.
   *
   * @param cause why
   */
  public void end(Throwable cause) {
    connection.send(new ToParent.Ended(FailureText.of(cause)));
    connection.finish(FAREWELL_MILLIS);
  }

  /**
   * Serves until it is told to close, or the other process has gone.
   *
   * @param engine the engine; the server's
   * @param info what is loaded
   * @throws IOException if the connection breaks; nothing was given back then
   */
  public void serve(Engine engine, WorkerInfo info) throws IOException {
    connection.send(new ToParent.Loaded(info));
    try {
      ToWorker message = connection.receive();
      while (!(message instanceof ToWorker.Close)) {
        obey(engine, message);
        message = connection.receive();
      }
      isClosing = true;
      engine.close();
      connection.finish(FAREWELL_MILLIS);
    } catch (EOFException e) {
      return;
    }
  }

  /**
   * Deletes this process's folder unless something is left in it. The other process does, too, but
   * it may have gone.
   */
  public void leave() {
    boolean unused = socket.resolveSibling("").toFile().delete();
  }

  private void obey(Engine engine, ToWorker message) {
    if (message instanceof ToWorker.Submit submit) {
      ServedCall call = new ServedCall(submit.id(), engine, connection::send, this::ended);
      calls.put(submit.id(), call);
      intake.execute(() -> submit(engine, submit, call));
    } else if (message instanceof ToWorker.Cancel cancel) {
      Optional.ofNullable(calls.get(cancel.id())).ifPresent(ServedCall::cancel);
    } else if (message instanceof ToWorker.EmptyCache emptyCache) {
      intake.execute(() -> emptyCache(engine, emptyCache.id()));
    } else if (message instanceof ToWorker.Ping) {
      connection.send(new ToParent.Pong());
    }
  }

  /** A call has ended; or the engine has, and the process with it. */
  private void ended(ServedCall call, Optional<LoquatException> engineEnd) {
    calls.remove(call.id());
    if (!isClosing) {
      engineEnd.ifPresent(this::endProcess);
    }
  }

  private void endProcess(Throwable cause) {
    end(cause);
    Runtime.getRuntime().halt(1);
  }

  private void submit(Engine engine, ToWorker.Submit submit, ServedCall call) {
    try {
      PreparedRequest prepared =
          engine.prepare(submit.request(), System.nanoTime() - submit.waitedNanos());
      call.follow(engine.take(prepared));
    } catch (RuntimeException e) {
      if (engine.hasEnded() && !isClosing) {
        endProcess(e);
      }
      calls.remove(submit.id());
      connection.send(new ToParent.News(submit.id(), 0, new WireEvent.Failed(FailureText.of(e))));
    }
  }

  private void emptyCache(Engine engine, long id) {
    try {
      engine.emptyCache();
      connection.send(new ToParent.Emptied(id, Optional.empty()));
    } catch (RuntimeException e) {
      connection.send(new ToParent.Emptied(id, Optional.of(FailureText.of(e))));
    }
  }

  private Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "loquat-worker-intake");
    thread.setDaemon(true);
    return thread;
  }

  private final class ForwardedMemory implements MemoryLog {

    @Override
    public void record(MemoryPhase phase, MemoryReading reading) {
      connection.send(new ToParent.Memory(phase, reading, true));
    }

    @Override
    public void observe(MemoryPhase phase, MemoryReading reading) {
      connection.send(new ToParent.Memory(phase, reading, false));
    }

    @Override
    public void close(MemoryReading reading, LeakCheck left) {
      connection.send(new ToParent.Closed(reading, left));
    }
  }
}
