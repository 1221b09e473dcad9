package dev.loquat.benchmarks.load;

import dev.loquat.Generator;
import dev.loquat.error.LoquatException;
import dev.loquat.generation.TextDelta;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;

/** The call with demand, a piece at a time; cancelling the subscription cancels it. */
final class Published implements Way {

  @Override
  public Observation call(Generator generator, Shape shape) throws InterruptedException {
    Reader reader = new Reader(shape.lastPiece().orElse(Long.MAX_VALUE));
    generator.publisher(shape.prompt()).subscribe(reader);
    try {
      return reader.seen.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof LoquatException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }

  /** Asks for the next piece when one has come, up to the last that it wants. */
  private static final class Reader implements Subscriber<TextDelta> {
    private final CompletableFuture<Observation> seen = new CompletableFuture<>();
    private final PieceTimes times = new PieceTimes();
    private final long lastPiece;
    private Optional<Subscription> subscription = Optional.empty();

    Reader(long lastPiece) {
      this.lastPiece = lastPiece;
    }

    @Override
    public void onSubscribe(Subscription given) {
      subscription = Optional.of(given);
      given.request(1);
    }

    @Override
    public void onNext(TextDelta piece) {
      if (times.note() == lastPiece) {
        subscription.orElseThrow().cancel();
        seen.complete(observation(Observation.Ending.CANCELLED));
      } else {
        subscription.orElseThrow().request(1);
      }
    }

    @Override
    public void onError(Throwable failure) {
      seen.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      seen.complete(observation(Observation.Ending.ENDED));
    }

    /** A publisher tells no result, so that its pieces stand for tokens. */
    private Observation observation(Observation.Ending ending) {
      return new Observation(ending, times.pieces(), times.first(), times.gaps());
    }
  }
}
