package dev.loquat.internal.worker;

import dev.loquat.observation.EngineListener;
import dev.loquat.observation.GenerationReport;
import dev.loquat.observation.OutOfMemoryReport;
import dev.loquat.observation.StepReport;
import java.util.function.Consumer;

/** Sends what an engine tells to the other process, whose listeners hear it there. */
record ForwardingListener(Consumer<ToParent> line) implements EngineListener {

  @Override
  public void onStep(StepReport step) {
    line.accept(new ToParent.Step(step));
  }

  @Override
  public void onGeneration(GenerationReport generation) {
    line.accept(new ToParent.Generation(generation));
  }

  @Override
  public void onDraftFailure(RuntimeException cause) {
    line.accept(new ToParent.DraftFailure(FailureText.of(cause)));
  }

  @Override
  public void onOutOfMemory(OutOfMemoryReport report) {
    line.accept(new ToParent.Relieved(report));
  }
}
