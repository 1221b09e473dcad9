package dev.loquat.internal.replica;

import dev.loquat.error.LoquatException;
import dev.loquat.generation.FinishReason;
import dev.loquat.internal.engine.EventChannel;
import dev.loquat.internal.engine.GenerationEvent;
import dev.loquat.internal.engine.GenerationHandle;
import dev.loquat.internal.engine.PreparedRequest;
import dev.loquat.internal.engine.Pump;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way through the group: it waits, runs on a replica, maybe on another one after
 * that, and ends once.
 *
 * <p>Events are handed on by one thread at a time, whichever brings them; nothing waits for it.
 */
final class Call {
  private final long arrival;
  private final long submittedNanos;
  private final long[] blocks;
  private final CallOwner owner;
  private final EventChannel events = new EventChannel();
  private final DeliveredText delivered = new DeliveredText();
  private final Pump pump = new Pump(Runnable::run, Runnable::run, this::drain, this::fail);
  private volatile PreparedRequest prepared;
  private volatile @Nullable Run run;
  private volatile boolean isCancelled;
  private final AtomicBoolean hasEnded = new AtomicBoolean();
  private int attempts;
  private boolean isSpoilt;

  /**
   * Creates it.
   *
   * @param arrival its number in the order of arrivals
   * @param submittedNanos when it was submitted
   * @param prepared what was asked for
   * @param owner decides what becomes of it
   */
  Call(long arrival, long submittedNanos, PreparedRequest prepared, CallOwner owner) {
    this.arrival = arrival;
    this.submittedNanos = submittedNanos;
    this.prepared = prepared;
    this.owner = owner;
    blocks = PromptBlocks.of(prepared.promptTokens());
  }

  long arrival() {
    return arrival;
  }

  long submittedNanos() {
    return submittedNanos;
  }

  long[] blocks() {
    return blocks;
  }

  int slots() {
    return prepared.slots();
  }

  int priority() {
    return prepared.request().request().options().turn().priority();
  }

  PreparedRequest request() {
    return prepared;
  }

  /** The reader's end. */
  GenerationHandle handle() {
    return new GenerationHandle(events, this::cancel, owner::isOwnThread);
  }

  EventChannel events() {
    return events;
  }

  boolean isCancelled() {
    return isCancelled;
  }

  /** How many replicas have begun with it; read where it is lost. */
  int attempts() {
    return attempts;
  }

  /** Makes it ready for another attempt. */
  void renew(PreparedRequest again) {
    run = null;
    prepared = again;
    delivered.restart();
  }

  /**
   * Has a replica take it.
   *
   * @throws LoquatException if the replica has ended
   */
  void start(Member member, Replica replica) {
    List<GenerationHandle> parts = replica.take(prepared);
    attempts++;
    follow(new Run(member, replica, parts));
  }

  /** Ends it while it waits; the caller took it out of the queue. */
  void breakOff(FinishReason reason) {
    follow(new Run(prepared.breakOff(reason)));
  }

  /** Ends it with a failure, unless it has ended. */
  void fail(Throwable cause) {
    end(Optional.empty(), new GenerationEvent.Failed(Failures.typed(cause)));
  }

  private void cancel() {
    isCancelled = true;
    if (!owner.withdraw(this, FinishReason.CANCELLED)) {
      Run running = run;
      if (running != null) {
        running.cancel();
      }
    }
  }

  private void follow(Run next) {
    run = next;
    if (isCancelled) {
      next.cancel();
    }
    next.onEvent(pump::signal);
  }

  private void drain() {
    Run current = run;
    while (current != null && !hasEnded.get()) {
      if (current.hasStarted()) {
        events.start();
      }
      Optional<GenerationEvent> event = current.poll();
      if (event.isEmpty()) {
        return;
      }
      take(current, event.get());
      current = run;
    }
  }

  private void take(Run from, GenerationEvent event) {
    if (event instanceof GenerationEvent.Text text) {
      take(from, text);
    } else if (event instanceof GenerationEvent.Failed failed && from.isLost()) {
      owner.lost(this, from, failed.cause());
    } else if (isSpoilt) {
      end(from.member(), new GenerationEvent.Failed(Failures.differs()));
    } else if (event instanceof GenerationEvent.Finished finished && !delivered.isComplete()) {
      end(from.member(), new GenerationEvent.Failed(Failures.shorter(finished.result())));
    } else {
      end(from.member(), event);
    }
  }

  private void take(Run from, GenerationEvent.Text text) {
    Optional<String> more = delivered.accept(text.text());
    if (more.isEmpty()) {
      isSpoilt = true;
      from.cancel();
    } else if (!isSpoilt && !more.get().isEmpty()) {
      events.add(new GenerationEvent.Text(more.get()));
    }
  }

  /** Ends it: with the slots given back before the reader knows. */
  void end(Optional<Member> at, GenerationEvent event) {
    if (hasEnded.compareAndSet(false, true)) {
      owner.ended(this, at);
      events.end(event);
    }
  }
}
