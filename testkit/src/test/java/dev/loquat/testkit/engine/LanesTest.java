package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.TextStream;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceMap;
import dev.loquat.error.ModelClosedException;
import dev.loquat.testkit.pipeline.HookedProvider;
import dev.loquat.testkit.pipeline.StageHook;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Engines that share the stages of a pipeline, and what one does to the others. */
class LanesTest extends StagedModels {
  private static final int LANES = 3;

  @AfterEach
  void releaseStep() {
    release.countDown();
  }

  private ModelLoader lanes(HookedProvider stages) throws IOException {
    stage(stages);
    TinyCheckpoint.llama().layers(2).writeTo(folder);
    DeviceMap map = DeviceMap.balanced(Device.cpu(0), Device.cpu(1)).lanes(LANES);
    return Loquat.model(folder).backend(StagedProvider.NAME).onDevices(map).batch(LANES);
  }

  @Test
  @Timeout(20)
  void closeWaitsForAllLanesTogetherWhereAStageHangs() throws Exception {
    HookedProvider stages = new HookedProvider(heldIn(1));
    Model model = lanes(stages).load();
    TextStream running = model.generator().maxNewTokens(3).stream("one");
    reached.await();
    assertThat(model.close(Duration.ZERO)).isFalse();
    assertThatThrownBy(running::result).isInstanceOf(ModelClosedException.class);
    assertThat(stages.events()).doesNotContain("closed backend 0");
    release.countDown();
    assertThat(model.close(Duration.ofSeconds(15))).isTrue();
    assertThat(stages.events()).contains("closed backend 0", "closed backend 1");
  }

  private StageHook heldIn(int layer) {
    return (range, batch) -> {
      if (range.first() == layer) {
        reached.countDown();
        await();
      }
    };
  }

  private void await() {
    try {
      assertThat(release.await(40, TimeUnit.SECONDS)).as("released").isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
