package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.Model;
import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.memory.HeldResource;
import dev.loquat.memory.LeakCheck;
import dev.loquat.memory.MemoryOwner;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.memory.MemoryReading;
import dev.loquat.memory.MemoryWatch;
import dev.loquat.observation.EngineListener;
import dev.loquat.testkit.mutation.BackendDecorator;
import dev.loquat.testkit.mutation.ProviderDecorator;
import dev.loquat.testkit.scripted.StepHook;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * What a model tells of its memory, from load to close. The scripted backend takes 4 bytes a token.
 */
class MemoryProbeOfModelTest extends StagedModels {
  private static final String PROMPT = "A prompt that is longer than sixteen tokens.";
  private static final int NEW_TOKENS = 4;

  private final List<LeakCheck> closed = new CopyOnWriteArrayList<>();
  private final EngineListener listener =
      new EngineListener() {
        @Override
        public void onClose(LeakCheck left) {
          closed.add(left);
        }
      };

  @Test
  void tellsWhatTheMemoryIsForInEachPhase() throws IOException {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      assertThat(owned(model, MemoryPhase.AFTER_OPEN, MemoryOwner.WEIGHTS)).isPositive();
      assertThat(owned(model, MemoryPhase.AFTER_OPEN, MemoryOwner.KV_CACHE)).isZero();
      model.generator().maxNewTokens(NEW_TOKENS).generate(PROMPT);
      assertThat(owned(model, MemoryPhase.AFTER_INPUT, MemoryOwner.KV_CACHE))
          .isEqualTo(4L * PROMPT.length());
      assertThat(owned(model, MemoryPhase.AFTER_INPUT, MemoryOwner.CACHES)).isZero();
      model.emptyCache();
      assertThat(owned(model, MemoryPhase.IDLE, MemoryOwner.KV_CACHE)).isZero();
      assertThat(owned(model, MemoryPhase.IDLE, MemoryOwner.CACHES))
          .as("all but the last token, which no step wrote")
          .isEqualTo(4L * (PROMPT.length() + NEW_TOKENS - 1));
      assertThat(owned(model, MemoryPhase.AFTER_CLEANUP, MemoryOwner.CACHES)).isZero();
    }
  }

  @Test
  void givesBackEverything() throws IOException {
    stage(StepHook.none());
    Model model = loader().onEvents(listener).load();
    model.generator().maxNewTokens(NEW_TOKENS).generate(PROMPT);
    assertThat(model.memory().leaks()).isEmpty();
    model.close();
    assertThat(closed).singleElement().matches(LeakCheck::isClean);
    assertThat(model.memory().leaks()).contains(closed.get(0));
    assertThat(model.memory().at(MemoryPhase.AFTER_CLOSE).orElseThrow().deviceBytes()).isZero();
  }

  @Test
  void namesWhatABackendLeavesOpen() throws IOException {
    stage(
        new ProviderDecorator() {
          @Override
          public Backend open(Checkpoint checkpoint, BackendOptions options) {
            options.ledger().open(MemoryOwner.WORKSPACE).hold(7, "a forgotten buffer");
            return new BackendDecorator(super.open(checkpoint, options)) {
              @Override
              public long allocatedBytes() {
                return super.allocatedBytes() + 5;
              }
            };
          }
        });
    loader().onEvents(listener).load().close();
    assertThat(closed)
        .singleElement()
        .isEqualTo(
            new LeakCheck(
                5, List.of(new HeldResource(MemoryOwner.WORKSPACE, "a forgotten buffer", 7))));
    assertThat(closed.get(0).isClean()).isFalse();
  }

  @Test
  void isWatchedWhileItIsOpen() throws Exception {
    stage(StepHook.none());
    CountDownLatch readings = new CountDownLatch(3);
    List<MemoryReading> heard = new CopyOnWriteArrayList<>();
    try (Model model = loader().load();
        MemoryWatch watch =
            model.watchMemory(
                Duration.ofMillis(1),
                reading -> {
                  heard.add(reading);
                  readings.countDown();
                })) {
      assertThat(watch).isNotNull();
      readings.await();
    }
    assertThat(heard).allMatch(reading -> reading.deviceBytes() > 0);
  }

  private static long owned(Model model, MemoryPhase phase, MemoryOwner owner) {
    return model.memory().at(phase).orElseThrow().owned().bytes(owner);
  }
}
