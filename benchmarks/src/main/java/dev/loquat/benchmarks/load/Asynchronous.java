package dev.loquat.benchmarks.load;

import dev.loquat.Generator;
import dev.loquat.error.LoquatException;
import dev.loquat.generation.GenerationResult;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The call that gives a future; cancelling the future cancels it. */
record Asynchronous(Timer timer) implements Way {

  @Override
  public Observation call(Generator generator, Shape shape) throws InterruptedException {
    CompletableFuture<GenerationResult> future = generator.generateAsync(shape.prompt());
    Timer.Alarm alarm = timer.after(shape.cancelPoint(), () -> future.cancel(false));
    try {
      return Observation.of(future.get(), List.of());
    } catch (CancellationException e) {
      return Observation.CANCELLED;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof LoquatException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } finally {
      alarm.silence();
    }
  }
}
