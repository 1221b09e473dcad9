package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Generator;
import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.TextStream;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceMap;
import dev.loquat.error.ModelClosedException;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.generation.GenerationResult;
import dev.loquat.memory.OutOfMemoryPolicy;
import dev.loquat.memory.OutOfMemoryRung;
import dev.loquat.testkit.pipeline.HookedProvider;
import dev.loquat.testkit.pipeline.StageHook;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Engines that share the stages of a pipeline, and what one does to the others. */
class LanesTest extends StagedModels {
  @AfterEach
  void releaseStep() {
    release.countDown();
  }

  private ModelLoader lanes(HookedProvider stages, int count) throws IOException {
    stage(stages);
    TinyCheckpoint.llama().layers(2).writeTo(folder);
    DeviceMap map = DeviceMap.balanced(Device.cpu(0), Device.cpu(1)).lanes(count);
    return Loquat.model(folder).backend(StagedProvider.NAME).onDevices(map).batch(count);
  }

  @Test
  @Timeout(20)
  void closeWaitsForAllLanesTogetherWhereAStageHangs() throws Exception {
    HookedProvider stages = new HookedProvider(heldIn(1));
    Model model = lanes(stages, 3).load();
    TextStream running = model.generator().maxNewTokens(3).stream("one");
    reached.await();
    assertThat(model.close(Duration.ZERO)).isFalse();
    assertThatThrownBy(running::result).isInstanceOf(ModelClosedException.class);
    assertThat(stages.events()).doesNotContain("closed backend 0");
    release.countDown();
    assertThat(model.close(Duration.ofSeconds(15))).isTrue();
    assertThat(stages.events()).contains("closed backend 0", "closed backend 1");
  }

  /** Both lanes keep a beginning; then a step of one of them has no memory. */
  @Test
  void laneThatRunsShortFreesTheCachesOfAll() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    AtomicBoolean isFull = new AtomicBoolean();
    HookedProvider stages =
        new HookedProvider(
            (range, batch) -> {
              if (range.first() == 0 && isFull.compareAndSet(true, false)) {
                throw new OutOfMemoryException("The test's device is full.", 1, 0);
              }
              both.countDown();
              await(range.first() == 1 ? both : new CountDownLatch(0));
            });
    ModelLoader loader =
        lanes(stages, 2).onOutOfMemory(OutOfMemoryPolicy.tryInOrder(OutOfMemoryRung.FREE_CACHES));
    try (Model model = loader.load()) {
      Generator generator = model.generator().temperature(0).maxNewTokens(5);
      List<GenerationResult> first =
          generator.generate(List.of("one that begins like this", "two that begins like this"));
      isFull.set(true);
      assertThat(generator.generate("one that begins like this").text())
          .isEqualTo(first.get(0).text());
      assertThat(stages.events())
          .filteredOn(event -> event.startsWith("cleared"))
          .as("the other lane's slot in each stage; the failed step's is taken")
          .containsExactlyInAnyOrder("cleared slot 0 of session 0", "cleared slot 0 of session 1");
    }
  }

  private StageHook heldIn(int layer) {
    return (range, batch) -> {
      if (range.first() == layer) {
        reached.countDown();
        await(release);
      }
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(40, TimeUnit.SECONDS)).as("released").isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
