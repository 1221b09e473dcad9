package dev.loquat.benchmarks.load;

import dev.loquat.Generator;
import java.util.List;
import java.util.concurrent.CancellationException;

/** The call that waits; an interrupt cancels it. */
record Blocking(Timer timer) implements Way {

  @Override
  public Observation call(Generator generator, Shape shape) {
    Timer.Alarm alarm = timer.interruptCaller(shape.cancelPoint());
    try {
      return Observation.of(generator.generate(shape.prompt()), List.of());
    } catch (CancellationException e) {
      return Observation.CANCELLED;
    } finally {
      alarm.silence();
    }
  }
}
