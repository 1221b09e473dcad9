package dev.loquat.backend.onnx.binding;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.onnx.RandomCheckpoint;
import dev.loquat.backend.onnx.graph.OnnxType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunPlannerTest {
  private final KvCache cache;
  private final RunPlanner planner;

  RunPlannerTest() throws OrtException {
    cache =
        new KvCache(
            List.of(RandomCheckpoint.model(1).layers().get(0).attention()),
            OnnxType.FLOAT,
            new CacheLayout(64, 8192),
            new HostMemory(NativeBlock.MAX_VIEW_BYTES));
    planner = new RunPlanner(cache);
  }

  @AfterEach
  void close() {
    cache.close();
  }

  @Test
  void decodesNeighboursInOneRun() {
    assertThat(slots(plan(single(2), single(0), single(1)))).containsExactly(new SlotRange(0, 3));
  }

  @Test
  void bridgesGapsThatCostLessThanRun() {
    assertThat(slots(plan(single(0), single(3), single(5)))).containsExactly(new SlotRange(0, 6));
  }

  @Test
  void splitsAtGapsThatCostMoreThanRun() {
    assertThat(slots(plan(single(0), single(11), single(12))))
        .containsExactly(new SlotRange(0, 1), new SlotRange(11, 2));
  }

  @Test
  void splitsAtSlotsWithLongContents() throws OrtException {
    cache.resize(8192);
    cache.setLength(1, 4000);
    assertThat(slots(plan(single(0), single(2))))
        .containsExactly(new SlotRange(0, 1), new SlotRange(2, 1));
  }

  @Test
  void splitsAtSlotsWithoutRoomToIdle() {
    cache.setLength(1, cache.capacity());
    assertThat(slots(plan(single(0), single(2))))
        .containsExactly(new SlotRange(0, 1), new SlotRange(2, 1));
  }

  @Test
  void prefillsEachSlotAloneAfterDecodes() {
    List<Run> runs = plan(prompt(4, 7), single(0), prompt(2, 3));
    assertThat(slots(runs))
        .containsExactly(new SlotRange(0, 1), new SlotRange(4, 1), new SlotRange(2, 1));
    assertThat(runs).extracting(Run::tokens).containsExactly(1, 7, 3);
  }

  @Test
  void splitsLongPromptsAndPicksFromTheirLastPiece() {
    List<Run> runs = plan(prompt(0, 1030));
    assertThat(runs).extracting(Run::tokens).containsExactly(512, 512, 6);
    assertThat(runs).extracting(Run::picks).containsExactly(0, 0, 1);
  }

  @Test
  void picksAcrossPiecesWhereManyPositionsWantLogits() {
    List<Run> runs = plan(new ForwardRow(0, 0, new int[600], 100));
    assertThat(runs).extracting(Run::picks).containsExactly(12, 88);
    Piece second = runs.get(1).pieces().get(0);
    assertThat(second.logitsOf(second.firstPick())).isEqualTo(12);
  }

  private List<Run> plan(ForwardRow... rows) {
    return planner.plan(new ForwardBatch(Arrays.asList(rows)));
  }

  private static List<SlotRange> slots(List<Run> runs) {
    return runs.stream().map(Run::slots).toList();
  }

  private static ForwardRow single(int slot) {
    return prompt(slot, 1);
  }

  private static ForwardRow prompt(int slot, int tokens) {
    return new ForwardRow(slot, 0, new int[tokens], 1);
  }
}
