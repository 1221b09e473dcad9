package dev.loquat.testkit.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.device.Device;
import dev.loquat.device.LayerSpan;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendException;
import dev.loquat.internal.pipeline.Lanes;
import dev.loquat.internal.pipeline.PipelineProvider;
import dev.loquat.internal.pipeline.PlannedStage;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.testkit.mutation.BackendDecorator;
import dev.loquat.testkit.mutation.SessionDecorator;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PipelineTest {
  private static final CacheLayout LAYOUT = new CacheLayout(4, 32);
  private static final ForwardBatch STEP =
      new ForwardBatch(
          IntStream.range(0, 4)
              .mapToObj(slot -> new ForwardRow(slot, 0, new int[] {slot, 7}, 1))
              .toList());

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  /** The second micro-batch of the first stage and the first of the second wait for each other. */
  @Test
  void stagesComputeDifferentMicroBatchesAtTheSameTime() throws IOException {
    CountDownLatch both = new CountDownLatch(2);
    AtomicInteger metInTime = new AtomicInteger();
    StageHook hook =
        (range, batch) -> {
          int slot = batch.rows().get(0).slot();
          if ((range.first() == 0 && slot == 1) || (range.first() == 1 && slot == 0)) {
            both.countDown();
            metInTime.addAndGet(await(both) ? 1 : 0);
          }
        };
    try (Backend backend = open(new HookedProvider(hook), 4);
        DecoderSession session = backend.openSession(LAYOUT)) {
      assertThat(session.forward(STEP).rows()).isEqualTo(4);
    }
    assertThat(metInTime).hasValue(2);
  }

  @Test
  void eachStageComputesOnOneThreadOfItsOwn() throws IOException {
    Map<Integer, Set<String>> threads = new ConcurrentHashMap<>();
    StageHook hook =
        (range, batch) ->
            threads
                .computeIfAbsent(range.first(), absent -> ConcurrentHashMap.newKeySet())
                .add(Thread.currentThread().getName());
    try (Backend backend = open(new HookedProvider(hook), 4);
        DecoderSession session = backend.openSession(LAYOUT)) {
      session.forward(STEP);
      session.forward(STEP);
    }
    assertThat(threads)
        .containsEntry(0, Set.of("loquat-stage-cpu-layers-0"))
        .containsEntry(1, Set.of("loquat-stage-cpu:1-layers-1"));
  }

  @Test
  void failureOfAStageIsTheStepsAndTheSessionStaysUsable() throws IOException {
    BackendException failure = new BackendException("The stage fails once.");
    AtomicInteger running = new AtomicInteger();
    List<BackendException> due = new ArrayList<>(List.of(failure));
    StageHook hook =
        (range, batch) -> {
          running.incrementAndGet();
          try {
            if (range.first() == 1 && batch.rows().get(0).slot() == 1 && !due.isEmpty()) {
              throw due.remove(0);
            }
          } finally {
            running.decrementAndGet();
          }
        };
    try (Backend backend = open(new HookedProvider(hook), 4);
        DecoderSession session = backend.openSession(LAYOUT)) {
      assertThatThrownBy(() -> session.forward(STEP)).isSameAs(failure);
      assertThat(running).as("stages that still compute").hasValue(0);
      assertThat(session.forward(STEP).rows()).isEqualTo(4);
    }
  }

  /** The first stage is held in its second micro-batch until the second stage fails. */
  @Test
  void stepEndsOnlyWhenEveryStageRests() throws IOException {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch failing = new CountDownLatch(1);
    AtomicInteger finished = new AtomicInteger();
    StageHook hook =
        (range, batch) -> {
          if (range.first() == 1) {
            boolean unused = await(held);
            failing.countDown();
            throw new BackendException("The second stage fails.");
          }
          if (batch.rows().get(0).slot() == 1) {
            held.countDown();
            finished.addAndGet(await(failing) ? 1 : 0);
          }
        };
    try (Backend backend = open(new HookedProvider(hook), 4);
        DecoderSession session = backend.openSession(LAYOUT)) {
      assertThatThrownBy(() -> session.forward(STEP)).hasMessage("The second stage fails.");
      assertThat(finished).as("the held micro-batch").hasValue(1);
    }
  }

  @Test
  void closesEverySessionAndBackendAndEndsTheThreads() throws IOException {
    HookedProvider provider = new HookedProvider((range, batch) -> {});
    Backend backend = open(provider, 2);
    backend.openSession(LAYOUT).forward(STEP);
    List<Thread> threads = stageThreads();
    backend.close();
    backend.close();
    assertThat(provider.events())
        .startsWith("session 0", "session 1")
        .containsExactlyInAnyOrder(
            "session 0",
            "session 1",
            "closed session 0",
            "closed session 1",
            "closed backend 0",
            "closed backend 1");
    assertThat(backend.allocatedBytes()).isZero();
    assertThat(threads).hasSizeGreaterThanOrEqualTo(2).allMatch(PipelineTest::ends);
  }

  @Test
  void closesTheFirstStageIfTheSecondDoesNotOpen() throws IOException {
    HookedProvider provider =
        new HookedProvider((range, batch) -> {}) {
          @Override
          public Backend open(Checkpoint checkpoint, LayerRange range, BackendOptions options) {
            if (range.first() == 1) {
              throw new BackendException("The second stage does not open.");
            }
            return super.open(checkpoint, range, options);
          }
        };
    assertThatThrownBy(() -> open(provider, 2)).hasMessage("The second stage does not open.");
    assertThat(provider.events()).containsExactly("closed backend 0");
  }

  /** One lane's step in the second stage and the other's in the first wait for each other. */
  @Test
  void lanesAreInDifferentStagesAtTheSameTime() throws IOException {
    CountDownLatch both = new CountDownLatch(2);
    AtomicInteger metInTime = new AtomicInteger();
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    StageHook hook =
        (range, batch) -> {
          boolean isSecondOfFirstStage = range.first() == 0 && !seen.add(0);
          boolean isFirstOfSecondStage = range.first() == 1 && seen.add(1);
          if (isSecondOfFirstStage || isFirstOfSecondStage) {
            both.countDown();
            metInTime.addAndGet(await(both) ? 1 : 0);
          }
        };
    List<Backend> lanes = Lanes.of(open(new HookedProvider(hook), 1), 2);
    List<DecoderSession> sessions = lanes.stream().map(lane -> lane.openSession(LAYOUT)).toList();
    List<CompletableFuture<Void>> steps =
        sessions.stream()
            .map(session -> CompletableFuture.runAsync(() -> session.forward(STEP)))
            .toList();
    steps.forEach(CompletableFuture::join);
    lanes.forEach(Backend::close);
    assertThat(metInTime).hasValue(2);
  }

  private static void step(Backend lane) {
    try (DecoderSession session = lane.openSession(LAYOUT)) {
      assertThat(session.forward(STEP).rows()).isEqualTo(4);
    }
  }

  /** The stage goes on with another's step, and gives back what was kept, before rows are read. */
  @Test
  void logitsOfALaneOutlastWhatOthersDo() throws IOException {
    List<Backend> lanes = Lanes.of(open(new HookedProvider((range, batch) -> {}), 1, 2), 2);
    try (DecoderSession one = lanes.get(0).openSession(LAYOUT);
        DecoderSession other = lanes.get(1).openSession(LAYOUT)) {
      float[] expected = row(one.forward(STEP));
      Logits logits = one.forward(STEP);
      lanes.get(1).emptyCache();
      other.forward(new ForwardBatch(List.of(new ForwardRow(0, 0, new int[] {9}, 1))));
      assertThat(row(logits)).containsExactly(expected);
      assertThat(logits.draws()).isFalse();
    }
    lanes.forEach(Backend::close);
  }

  private static float[] row(Logits logits) {
    float[] row = new float[logits.vocabularySize()];
    logits.read(3, row);
    return row;
  }

  @Test
  void lastLaneTellsWhatIsLeftOfThePipeline() throws IOException {
    Backend leaking =
        new BackendDecorator(open(new HookedProvider((range, batch) -> {}), 1)) {
          @Override
          public long allocatedBytes() {
            return 7;
          }
        };
    List<Backend> lanes = Lanes.of(leaking, 2);
    lanes.get(1).close();
    assertThat(lanes.get(1).allocatedBytes()).isZero();
    lanes.get(0).close();
    assertThat(lanes.get(0).allocatedBytes()).isEqualTo(7);
  }

  @Test
  void laneClosesEachOfItsSessionsOnce() throws IOException {
    List<DecoderSession> closed = new ArrayList<>();
    Backend pipeline =
        new BackendDecorator(open(new HookedProvider((range, batch) -> {}), 1)) {
          @Override
          public DecoderSession openSession(CacheLayout layout) {
            return new SessionDecorator(super.openSession(layout)) {
              @Override
              public void close() {
                closed.add(this);
                super.close();
              }
            };
          }
        };
    Backend lane = Lanes.of(pipeline, 1).get(0);
    lane.openSession(LAYOUT).close();
    DecoderSession reopened = lane.openSession(new CacheLayout(2, 32));
    assertThat(closed).hasSize(1);
    lane.close();
    assertThat(closed).hasSize(2).doesNotHaveDuplicates();
    assertThatThrownBy(() -> reopened.forward(STEP)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void laneThatIsClosedHoldsNothingWhileTheLastOneCloses() throws IOException {
    List<Backend> lanes = new ArrayList<>();
    List<Long> held = new ArrayList<>();
    Backend pipeline =
        new BackendDecorator(open(new HookedProvider((range, batch) -> {}), 1)) {
          @Override
          public void close() {
            held.add(lanes.get(0).allocatedBytes());
            super.close();
          }
        };
    lanes.addAll(Lanes.of(pipeline, 2));
    lanes.forEach(Backend::close);
    assertThat(held).containsExactly(0L);
  }

  @Test
  void lastLaneClosesThePipeline() throws IOException {
    HookedProvider provider = new HookedProvider((range, batch) -> {});
    List<Backend> lanes = Lanes.of(open(provider, 1), 2);
    DecoderSession left = lanes.get(0).openSession(LAYOUT);
    step(lanes.get(1));
    lanes.get(0).close();
    lanes.get(0).close();
    assertThat(provider.events()).doesNotContain("closed backend 0", "closed backend 1");
    assertThatThrownBy(() -> left.forward(STEP)).isInstanceOf(IllegalStateException.class);
    assertThat(lanes.get(0).allocatedBytes()).isZero();
    assertThat(lanes.get(1).allocatedBytes()).isPositive();
    step(lanes.get(1));
    lanes.get(1).close();
    assertThat(provider.events()).contains("closed backend 0", "closed backend 1");
  }

  private Backend open(BackendProvider provider, int microBatches) throws IOException {
    return open(provider, microBatches, 1);
  }

  private Backend open(BackendProvider provider, int microBatches, int lanes) throws IOException {
    try (Checkpoint checkpoint =
        Checkpoint.open(TinyCheckpoint.llama().layers(2).writeTo(folder))) {
      return new PipelineProvider(
              provider,
              List.of(stage(0, 1, Device.cpu(0)), stage(1, 2, Device.cpu(1))),
              microBatches,
              lanes)
          .open(checkpoint, new BackendOptions(Device.cpu(), Precision.FP32, 1));
    }
  }

  private static PlannedStage stage(int first, int end, Device device) {
    return new PlannedStage(LayerSpan.of(first, end), device, MemoryLedger.unlimited());
  }

  private static List<Thread> stageThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("loquat-stage-"))
        .toList();
  }

  private static boolean ends(Thread thread) {
    try {
      thread.join(TimeUnit.SECONDS.toMillis(30));
      return !thread.isAlive();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
