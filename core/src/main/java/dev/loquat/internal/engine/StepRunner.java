package dev.loquat.internal.engine;

import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import dev.loquat.backend.TokenDraw;
import dev.loquat.error.BackendException;
import dev.loquat.error.LoquatException;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.internal.scheduler.StepPlan;
import dev.loquat.observation.DeviceClock;
import dev.loquat.observation.DeviceTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Lets the backend compute and trusts nothing of it: whatever goes wrong is a {@link
 * BackendException}.
 *
 * <p>Not thread-safe: owned by the engine thread.
 */
final class StepRunner implements AutoCloseable {
  private static final int ANY_TOKEN = 0;

  /** A device that is short of something for a moment is no dead one. */
  private static final int PROBES = 3;

  private final Backend backend;
  private final int vocabularySize;
  private final LongSupplier nanoClock;
  private DecoderSession session;
  private long backendNanos;

  /** Opens a session; the backend stays the caller's. */
  StepRunner(Backend backend, CacheLayout layout, int vocabularySize, LongSupplier nanoClock) {
    this.backend = backend;
    this.vocabularySize = vocabularySize;
    this.nanoClock = nanoClock;
    this.session = backend.openSession(layout);
  }

  /** The cache's slots as they are now. */
  CacheLayout layout() {
    return session.layout();
  }

  /** Whether rows of several tokens share a pass. */
  boolean batchesLongRows() {
    return session.batchesLongRows();
  }

  /** Gives the cache back and opens another. */
  void reopen(CacheLayout layout) {
    session.close();
    session = backend.openSession(layout);
  }

  /** Runs a step; valid until the next. */
  Logits run(StepPlan plan) {
    backendNanos = 0;
    long start = nanoClock.getAsLong();
    try {
      plan.copies().forEach(copy -> session.copySlot(copy.from(), copy.to(), copy.tokens()));
      return forward(plan.batch());
    } catch (Throwable e) {
      throw Faults.typed(e, StepRunner::failed);
    } finally {
      backendNanos += nanoClock.getAsLong() - start;
    }
  }

  /**
   * How long the device computed for the last step, by its own events where the backend has them;
   * otherwise how long the step's calls of the backend took, reading its logits included.
   */
  DeviceTime deviceTime() {
    return ownTime()
        .map(time -> new DeviceTime(time, DeviceClock.EVENTS))
        .orElseGet(() -> new DeviceTime(Duration.ofNanos(backendNanos), DeviceClock.MONOTONIC));
  }

  private Optional<Duration> ownTime() {
    try {
      return session.deviceTime();
    } catch (Throwable e) {
      Faults.requireContained(e);
      return Optional.empty();
    }
  }

  /**
   * Whether the backend still computes as little as one token, in a slot that nobody holds. One
   * that has not even the memory for that, since others hold it, does when they have ended; one
   * that fails is asked again a few times.
   */
  boolean isAlive(int slot) {
    return IntStream.range(0, PROBES).anyMatch(probe -> computes(slot));
  }

  private boolean computes(int slot) {
    try {
      Logits unused = forward(new ForwardBatch(List.of(probe(slot))));
      return true;
    } catch (OutOfMemoryException e) {
      return true;
    } catch (Throwable e) {
      Faults.requireContained(e);
      return false;
    }
  }

  /** The memory that a slot takes now. */
  long slotBytes(int slot) {
    return session.slotBytes(slot);
  }

  /** Drops what a slot holds. */
  void clear(int slot) {
    session.clearSlot(slot);
  }

  /** Gives the cache back. A second call does nothing. */
  @Override
  public void close() {
    session.close();
  }

  private static ForwardRow probe(int slot) {
    return new ForwardRow(slot, 0, new int[] {ANY_TOKEN}, 1);
  }

  private Logits forward(ForwardBatch batch) {
    @Nullable Logits logits = session.forward(batch);
    if (logits == null) {
      throw new BackendException("The backend returned no logits; expected them. " + REPORT);
    }
    requireShape(logits.rows(), logits.vocabularySize(), batch);
    return new GuardedLogits(logits);
  }

  private void requireShape(int rows, int width, ForwardBatch batch) {
    if (rows != batch.logitsRows() || width != vocabularySize) {
      throw new BackendException(
          "The backend returned logits of shape ["
              + rows
              + ", "
              + width
              + "]; expected ["
              + batch.logitsRows()
              + ", "
              + vocabularySize
              + "]. "
              + REPORT);
    }
  }

  private static final String REPORT = "Try another backend, and report it to its author.";

  private static LoquatException failed(Throwable cause) {
    return new BackendException(
        "The backend failed in a step: "
            + cause
            + ". If memory is short, use a smaller batch or a shorter context; otherwise try another"
            + " backend.",
        cause);
  }

  /** Logits whose reading may fail, too. */
  private final class GuardedLogits implements Logits {
    private final Logits logits;

    private GuardedLogits(Logits logits) {
      this.logits = logits;
    }

    @Override
    public int rows() {
      return logits.rows();
    }

    @Override
    public int vocabularySize() {
      return logits.vocabularySize();
    }

    @Override
    public void read(int row, float[] destination) {
      timed(
          () -> {
            logits.read(row, destination);
            return destination;
          });
    }

    @Override
    public boolean draws() {
      return logits.draws();
    }

    @Override
    public int[] draw(List<TokenDraw> draws) {
      int[] tokens = timed(() -> logits.draw(draws));
      if (tokens.length != draws.size()
          || !Arrays.stream(tokens).allMatch(id -> id >= NO_TOKEN && id < vocabularySize)) {
        throw new BackendException(
            "The backend drew the tokens "
                + Arrays.toString(tokens)
                + " for "
                + draws.size()
                + " draws from a vocabulary of "
                + vocabularySize
                + ". "
                + REPORT);
      }
      return tokens;
    }

    private <T> T timed(Supplier<T> part) {
      long start = nanoClock.getAsLong();
      try {
        return part.get();
      } catch (Throwable e) {
        throw Faults.typed(e, StepRunner::failed);
      } finally {
        backendNanos += nanoClock.getAsLong() - start;
      }
    }
  }
}
