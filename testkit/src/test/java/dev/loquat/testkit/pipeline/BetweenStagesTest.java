package dev.loquat.testkit.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.HalfPrecision;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.DeviceMap;
import dev.loquat.device.Precision;
import dev.loquat.internal.pipeline.Lanes;
import dev.loquat.internal.pipeline.PipelineProvider;
import dev.loquat.internal.pipeline.PlannedStage;
import dev.loquat.internal.planning.PlanTerms;
import dev.loquat.internal.planning.StagePlanner;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.testkit.reference.ReferenceBackendProvider;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What lanes hold beside their stages, planned and counted: a hidden width of 64, a vocabulary of
 * 272, steps of 8 tokens of prompts, three slots in two lanes.
 */
class BetweenStagesTest {
  private static final int STEP_TOKENS = 8;
  private static final int CONTEXT = 32;
  private static final long HIDDEN = (8 + 1 + 8) * 64 * 4;
  private static final long LOGITS = 3 * 272 * 4;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @SuppressWarnings("NullAway.Init")
  private Checkpoint checkpoint;

  @BeforeEach
  void open() throws IOException {
    checkpoint =
        Checkpoint.open(TinyCheckpoint.llama().layers(2).contextLength(CONTEXT).writeTo(folder));
  }

  @AfterEach
  void close() {
    checkpoint.close();
  }

  @Test
  void thePlanCountsTheWidestStepOfEachLane() {
    assertThat(between(plan(2, 3))).isEqualTo(HIDDEN + LOGITS);
    assertThat(between(plan(1, 1))).isEqualTo(8 * 64 * 4 + 272 * 4);
  }

  @Test
  void noStepHoldsMoreThanTheCacheHasPositions() {
    assertThat(between(plan(1, 3, 1000))).isEqualTo(3 * CONTEXT * 64 * 4 + LOGITS);
  }

  @Test
  void lanesHoldWhatIsPlanned() {
    MemoryPlan plan = plan(2, 3);
    List<PlannedStage> stages =
        plan.stages().stream()
            .map(s -> new PlannedStage(s.layers(), s.device(), MemoryLedger.unlimited()))
            .toList();
    Backend pipeline =
        new PipelineProvider(new ReferenceBackendProvider(), stages, DeviceMap.BY_STEP, 2)
            .open(checkpoint, new BackendOptions(Device.cpu(), Precision.FP32, 1));
    List<Backend> lanes = Lanes.of(pipeline, 2);
    ForwardRow prefill = new ForwardRow(0, 0, new int[STEP_TOKENS], 1);
    ForwardRow decode = new ForwardRow(1, 0, new int[1], 1);
    lanes.get(0).openSession(layout(2)).forward(new ForwardBatch(List.of(prefill, decode)));
    lanes.get(1).openSession(layout(1)).forward(new ForwardBatch(List.of(prefill)));
    assertThat(pipeline.ownedMemory().workspaceBytes()).isEqualTo(between(plan));
    lanes.forEach(Backend::close);
    assertThat(pipeline.allocatedBytes()).isZero();
  }

  private static long between(MemoryPlan plan) {
    return plan.need().onDevice().workspaceBytes()
        - plan.stages().stream().mapToLong(stage -> stage.onDevice().workspaceBytes()).sum();
  }

  private MemoryPlan plan(int lanes, int slots) {
    return plan(lanes, slots, STEP_TOKENS);
  }

  private MemoryPlan plan(int lanes, int slots, int stepTokens) {
    DeviceMap map = DeviceMap.balanced(Device.cpu(0), Device.cpu(1)).lanes(lanes);
    StagePlanner planner =
        new StagePlanner(
            checkpoint,
            new ReferenceBackendProvider(),
            map,
            map.devices(),
            HalfPrecision.MIXED,
            device -> DeviceInfo.UNKNOWN,
            0);
    return planner.plan(new PlanTerms(Precision.FP32, layout(slots), stepTokens, 1));
  }

  private static CacheLayout layout(int slots) {
    return new CacheLayout(slots, CONTEXT);
  }
}
