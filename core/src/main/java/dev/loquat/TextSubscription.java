package dev.loquat;

import dev.loquat.generation.TextDelta;
import dev.loquat.internal.engine.GenerationEvent;
import dev.loquat.internal.engine.GenerationHandle;
import dev.loquat.internal.engine.Pump;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's text. Pieces wait in the generation's own queue until they are asked for; the
 * pump's thread alone calls the subscriber after {@code onSubscribe}.
 */
final class TextSubscription implements Subscription {
  private final Subscriber<? super TextDelta> subscriber;
  private final Pump pump;
  private final AtomicLong demand = new AtomicLong();
  private volatile @Nullable GenerationHandle handle;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean cancelled;
  private volatile boolean subscribed;
  private @Nullable GenerationEvent next;

  TextSubscription(Subscriber<? super TextDelta> subscriber, Executor executor) {
    this.subscriber = subscriber;
    this.pump = new Pump(executor, AsyncResult.DEFAULT_EXECUTOR, this::deliver, this::fail);
  }

  /** Starts the generation, unless the subscriber has gone already; only now it is told of more. */
  void start(Supplier<GenerationHandle> generation) {
    if (!isOver()) {
      generate(generation);
    }
    subscribed = true;
    pump.signal();
  }

  private void generate(Supplier<GenerationHandle> generation) {
    try {
      GenerationHandle started = generation.get();
      handle = started;
      started.onEvent(pump::signal);
      if (isOver()) {
        started.cancel();
      }
    } catch (Throwable e) { // Whatever it is, the subscriber must be told an end.
      fail(e);
    }
  }

  @Override
  public void request(long count) {
    if (count <= 0) {
      fail(new IllegalArgumentException("request(" + count + "); expected more than 0"));
    } else {
      demand.accumulateAndGet(count, TextSubscription::saturatedSum);
    }
    pump.signal();
  }

  @Override
  public void cancel() {
    cancelled = true;
    cancelGeneration();
  }

  private boolean isOver() {
    return cancelled || failure.get() != null;
  }

  /** The first failure is the one to report: others may follow from it. */
  private void fail(Throwable cause) {
    failure.compareAndSet(null, cause);
    cancelGeneration();
  }

  private void cancelGeneration() {
    GenerationHandle running = handle;
    if (running != null) {
      running.cancel();
    }
  }

  /** A subscriber that throws gets nothing more; what it threw goes to the executor. */
  private void deliver() {
    boolean complete = false;
    try {
      deliverAll();
      complete = true;
    } finally {
      if (!complete) {
        cancel();
      }
    }
  }

  private void deliverAll() {
    while (subscribed && !cancelled && (failure.get() != null || fetch())) {
      if (failure.get() != null) {
        end(() -> subscriber.onError(failure.get()));
      } else if (next instanceof GenerationEvent.Text text) {
        if (demand.get() == 0) {
          return;
        }
        demand.decrementAndGet();
        next = null;
        subscriber.onNext(new TextDelta(text.text()));
      } else if (next instanceof GenerationEvent.Failed failed) {
        end(() -> subscriber.onError(failed.forCaller()));
      } else {
        end(subscriber::onComplete);
      }
    }
  }

  private boolean fetch() {
    GenerationHandle running = handle;
    if (next == null && running != null) {
      Optional<GenerationEvent> event = running.poll();
      next = event.orElse(null);
    }
    return next != null;
  }

  private void end(Runnable signal) {
    cancelled = true;
    signal.run();
  }

  private static long saturatedSum(long left, long right) {
    return left + right < 0 ? Long.MAX_VALUE : left + right;
  }
}
