package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loquat.ModelLoader;
import dev.loquat.Replicas;
import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.error.CheckpointException;
import dev.loquat.testkit.mutation.ProviderDecorator;
import dev.loquat.testkit.scripted.ScriptedBackendProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A tokenizer that can't be opened ends the load of the weights beside it. */
class BrokenTokenizerTest extends StagedModels {

  @Test
  void isToldWhileWeightsLoadAndLeavesNothingOpen() throws IOException {
    ScriptedBackendProvider scripted = lettersProvider();
    stage(new SecondLoadsUntilInterrupted(scripted));
    ModelLoader loader = loader().replicas(Replicas.threads(2));
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(loader::load)
        .withMessageContaining("has no object 'model'")
        .satisfies(
            failure ->
                assertThat(failure.getSuppressed())
                    .hasOnlyElementsOfType(CancellationException.class)
                    .hasSize(1));
    assertThat(scripted.log().openBackends()).isZero();
    assertThat(Thread.interrupted()).as("left interrupted").isFalse();
  }

  private static final class SecondLoadsUntilInterrupted extends ProviderDecorator {
    private int opened;

    SecondLoadsUntilInterrupted(ScriptedBackendProvider first) {
      super(first);
    }

    @Override
    public Backend open(Checkpoint checkpoint, BackendOptions options) {
      if (opened++ == 0) {
        return super.open(checkpoint, options);
      }
      try {
        boolean unused = new CountDownLatch(1).await(30, TimeUnit.SECONDS);
        throw new IllegalStateException("Nobody interrupted the load");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("The test's load was interrupted");
      }
    }
  }
}
