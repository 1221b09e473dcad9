package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.error.BackendException;
import dev.loquat.error.CheckpointException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.testkit.mutation.BackendDecorator;
import dev.loquat.testkit.mutation.ProviderDecorator;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Backends that break the contract outside a step: callers are released, nothing stays open. */
class BackendCleanupTest extends StagedModels {
  private static final Duration SOON = Duration.ofSeconds(20);

  private boolean closed;

  @Test
  void releasesTheCallerWhoseCacheCannotBeEmptied() throws IOException {
    stageBackend(
        right ->
            new BackendDecorator(right) {
              @Override
              public void emptyCache() {
                throw new IllegalStateException("broken");
              }
            });
    try (Model model = loader().load()) {
      assertTimeoutPreemptively(
          SOON,
          () ->
              assertThatThrownBy(model::emptyCache)
                  .isInstanceOf(BackendException.class)
                  .hasMessage("The engine stopped unexpectedly; load the model again.")
                  .hasRootCauseMessage("broken"));
      assertThatThrownBy(() -> model.generator().generate("one"))
          .isInstanceOf(ModelClosedException.class);
    }
  }

  @Test
  void closesABackendThatFailsWhileTheModelIsPutTogether() {
    stageBackend(
        right ->
            new BackendDecorator(right) {
              @Override
              public EffectivePrecision precision() {
                throw new BackendException("no precision");
              }

              @Override
              public void close() {
                closed = true;
                super.close();
              }
            });
    assertThatThrownBy(() -> loader().load()).hasMessage("no precision");
    assertThat(closed).isTrue();
  }

  @Test
  void closesABackendWhoseTokenizerCannotBeOpened() throws IOException {
    stageBackend(
        right ->
            new BackendDecorator(right) {
              @Override
              public void close() {
                closed = true;
                super.close();
              }
            });
    ModelLoader loader = loader();
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    assertThatThrownBy(loader::load)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("has no object 'model'");
    assertThat(closed).isTrue();
  }

  private void stageBackend(UnaryOperator<Backend> decorator) {
    stage(
        new ProviderDecorator() {
          @Override
          public Backend open(Checkpoint checkpoint, BackendOptions options) {
            return decorator.apply(super.open(checkpoint, options));
          }
        });
  }
}
