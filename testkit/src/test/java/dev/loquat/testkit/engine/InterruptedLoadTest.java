package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loquat.ModelLoader;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A load whose thread is interrupted is cancelled, not a failure of the files. */
class InterruptedLoadTest extends StagedModels {

  @AfterEach
  void clearInterrupt() {
    Thread.interrupted();
  }

  @Test
  void cancelsAndKeepsTheInterrupt() throws IOException {
    stage((step, batch) -> {});
    ModelLoader loader = loader();
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(loader::load)
        .withMessage("Interrupted while loading the model; it was not loaded")
        .withStackTraceContaining("ClosedByInterruptException");
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }
}
