package dev.loquat.observation;

import dev.loquat.generation.FinishReason;
import java.time.Duration;

/** Writes what it hears to the JDK's flight recorder, where a recording asks for it. */
public final class JfrListener implements EngineListener {

  /** What the flight recorder shows as "N/A". */
  private static final long NOT_AVAILABLE = Long.MIN_VALUE;

  private final int replica;

  /** Creates it. */
  public JfrListener() {
    this(0);
  }

  private JfrListener(int replica) {
    this.replica = replica;
  }

  @Override
  public EngineListener forReplica(int index) {
    return new JfrListener(index);
  }

  @Override
  public void onReplicaRestart(int index, Duration down) {
    ReplicaRestartEvent event = new ReplicaRestartEvent();
    if (event.shouldCommit()) {
      event.replica = index;
      event.downNanos = down.toNanos();
      event.commit();
    }
  }

  @Override
  public void onReplicaEnd(int index, RuntimeException cause) {
    ReplicaEndEvent event = new ReplicaEndEvent();
    if (event.shouldCommit()) {
      event.replica = index;
      event.cause = cause.toString();
      event.commit();
    }
  }

  @Override
  public void onStep(StepReport step) {
    StepEvent event = new StepEvent();
    if (event.shouldCommit()) {
      event.durationNanos = step.duration().toNanos();
      event.deviceNanos = step.deviceTime().duration().toNanos();
      event.sequences = step.sequences();
      event.prefillTokens = step.prefillTokens();
      event.decodeTokens = step.decodeTokens();
      event.draftTokens = step.draftTokens();
      event.newTokens = step.newTokens();
      event.takenSlots = step.takenSlots();
      event.slots = step.slots();
      event.waitingSequences = step.waitingSequences();
      event.deviceBytes = step.deviceBytes();
      event.failed = step.failed();
      event.replica = replica;
      event.commit();
    }
  }

  @Override
  public void onGeneration(GenerationReport generation) {
    GenerationEndEvent event = new GenerationEndEvent();
    if (event.shouldCommit()) {
      event.failed = generation.failed();
      event.replica = replica;
      event.finishReason = generation.finishReason().map(FinishReason::name).orElse("");
      event.promptTokens = generation.promptTokens();
      event.cachedTokens = generation.cachedTokens();
      event.newTokens = generation.newTokens();
      event.queuedNanos = generation.queued().toNanos();
      event.timeToFirstTokenNanos =
          generation.timeToFirstToken().map(Duration::toNanos).orElse(NOT_AVAILABLE);
      event.totalNanos = generation.total().toNanos();
      event.interTokenP50Nanos = generation.interToken().p50().toNanos();
      event.interTokenP99Nanos = generation.interToken().p99().toNanos();
      event.commit();
    }
  }

  @Override
  public void onDraftFailure(RuntimeException cause) {
    DraftFailureEvent event = new DraftFailureEvent();
    if (event.shouldCommit()) {
      event.cause = cause.toString();
      event.replica = replica;
      event.commit();
    }
  }
}
