package dev.loquat.internal.worker;

import dev.loquat.error.LoquatException;
import dev.loquat.internal.engine.Engine;
import dev.loquat.internal.engine.GenerationEvent;
import dev.loquat.internal.engine.GenerationHandle;
import dev.loquat.internal.engine.Pump;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A request that a worker serves: sends the news of its parts. Nothing of it waits.
 *
 * <p>Safe for use by several threads.
 */
final class ServedCall {
  private final long id;
  private final Engine engine;
  private final Consumer<ToParent> line;
  private final BiConsumer<ServedCall, Optional<LoquatException>> owner;
  private final AtomicBoolean isStarted = new AtomicBoolean();
  private final AtomicInteger running = new AtomicInteger();
  private volatile List<GenerationHandle> parts = List.of();
  private volatile boolean isCancelled;

  /** Creates it; the owner is told once it has ended, or the engine has. */
  ServedCall(
      long id,
      Engine engine,
      Consumer<ToParent> line,
      BiConsumer<ServedCall, Optional<LoquatException>> owner) {
    this.id = id;
    this.engine = engine;
    this.line = line;
    this.owner = owner;
  }

  long id() {
    return id;
  }

  void cancel() {
    isCancelled = true;
    parts.forEach(GenerationHandle::cancel);
  }

  void follow(List<GenerationHandle> handles) {
    running.set(handles.size());
    parts = handles;
    if (isCancelled) {
      cancel();
    }
    for (int i = 0; i < handles.size(); i++) {
      int part = i;
      Pump pump = new Pump(Runnable::run, Runnable::run, () -> drain(part), this::fail);
      handles.get(i).onEvent(pump::signal);
    }
  }

  private void drain(int part) {
    GenerationHandle handle = parts.get(part);
    if (handle.hasStarted() && isStarted.compareAndSet(false, true)) {
      line.accept(new ToParent.Started(id));
      line.accept(new ToParent.Load(engine.load()));
    }
    Optional<GenerationEvent> event = handle.poll();
    while (event.isPresent()) {
      tell(part, event.get());
      event = handle.poll();
    }
  }

  private void tell(int part, GenerationEvent event) {
    if (event instanceof GenerationEvent.Failed failed && engine.hasEnded()) {
      owner.accept(this, Optional.of(failed.cause()));
      return;
    }
    boolean isEnd = !(event instanceof GenerationEvent.Text);
    if (isEnd) {
      line.accept(new ToParent.Load(engine.load()));
    }
    line.accept(new ToParent.News(id, part, WireEvent.of(event)));
    if (isEnd && running.decrementAndGet() == 0) {
      owner.accept(this, Optional.empty());
    }
  }

  /** What can't be sent, such as a result that is too long, fails the request. */
  private void fail(Throwable cause) {
    cancel();
    line.accept(new ToParent.News(id, 0, new WireEvent.Failed(FailureText.of(cause))));
    owner.accept(this, Optional.empty());
  }
}
