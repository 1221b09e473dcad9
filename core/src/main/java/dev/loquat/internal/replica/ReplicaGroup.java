package dev.loquat.internal.replica;

import dev.loquat.error.LoquatException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.EngineLoad;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationRequest;
import dev.loquat.internal.engine.EngineRequest;
import dev.loquat.internal.engine.GenerationHandle;
import dev.loquat.internal.engine.Interruptions;
import dev.loquat.internal.engine.OwnThread;
import dev.loquat.internal.engine.PreparedRequest;
import dev.loquat.internal.engine.TextEngine;
import dev.loquat.internal.engine.WaitingRoom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Several engines of one model behind one queue. This is the callers' side: what becomes of their
 * calls where an engine ends by itself, {@link Failover} decides.
 *
 * <p>Safe for use by several threads. Owns the replicas and the tokenizer and closes them.
 */
public final class ReplicaGroup implements TextEngine {
  private final GroupSettings settings;
  private final List<Member> members;
  private final Dispatcher dispatcher;
  private final WaitingRoom room;
  private final AtomicLong arrivals = new AtomicLong();
  private final Failover failover;

  /**
   * Puts replicas behind a queue.
   *
   * @param settings what the group needs to know; its tokenizer is the group's
   * @param replicas one or more, running; the group's from here on
   */
  public ReplicaGroup(GroupSettings settings, List<? extends Replica> replicas) {
    this.settings = settings;
    members = settings.members(replicas);
    dispatcher = new Dispatcher(members);
    int slots = members.stream().mapToInt(Member::slots).sum();
    room = new WaitingRoom(slots, settings.queueCapacity());
    failover = new Failover(settings, members, dispatcher, room);
    members.forEach(failover::watch);
  }

  @Override
  public GenerationHandle submit(GenerationRequest request) {
    return submit(new EngineRequest.Text(settings.repeatable(request))).get(0);
  }

  @Override
  public GenerationHandle submit(GenerationRequest request, BeamOptions options) {
    return submit(new EngineRequest.Beams(request, options)).get(0);
  }

  @Override
  public List<GenerationHandle> score(GenerationRequest text) {
    return submit(new EngineRequest.Score(text));
  }

  private List<GenerationHandle> submit(EngineRequest request) {
    requireUsable();
    Call call = call(request);
    PreparedRequest prepared = call.request();
    try {
      if (prepared.nanosLeft() <= 0 || !room.enter(call.priority(), prepared.nanosLeft())) {
        return prepared.breakOff(FinishReason.TIMEOUT);
      }
    } catch (InterruptedException e) {
      throw Interruptions.cancelled(e);
    }
    return List.of(enqueue(call));
  }

  @Override
  public GenerationHandle submitNow(GenerationRequest request) {
    return submitNow(new EngineRequest.Text(settings.repeatable(request))).get(0);
  }

  @Override
  public GenerationHandle submitNow(GenerationRequest request, BeamOptions options) {
    return submitNow(new EngineRequest.Beams(request, options)).get(0);
  }

  @Override
  public List<GenerationHandle> scoreNow(GenerationRequest text) {
    return submitNow(new EngineRequest.Score(text));
  }

  private List<GenerationHandle> submitNow(EngineRequest request) {
    dispatcher.requireOpen();
    Call call = call(request);
    if (call.request().nanosLeft() <= 0) {
      return call.request().breakOff(FinishReason.TIMEOUT);
    }
    if (!room.tryEnter()) {
      throw room.full();
    }
    return List.of(enqueue(call));
  }

  @Override
  public int countTokens(String text, boolean addSpecialTokens) {
    dispatcher.requireOpen();
    return settings.tokenizer().encode(text, addSpecialTokens).length;
  }

  @Override
  public EngineLoad load() {
    List<Member> there = dispatcher.members();
    List<EngineLoad> loads =
        (there.isEmpty() ? members : there)
            .stream().map(member -> member.replica().load()).toList();
    return new EngineLoad(
        loads.stream().mapToInt(EngineLoad::runningSequences).sum(),
        dispatcher.waiting() + loads.stream().mapToInt(EngineLoad::waitingSequences).sum(),
        loads.stream().mapToInt(EngineLoad::takenSlots).sum(),
        loads.stream().mapToInt(EngineLoad::slots).sum());
  }

  @Override
  public void emptyCache() {
    requireUsable();
    dispatcher.members().forEach(member -> member.replica().emptyCache());
  }

  @Override
  public boolean hasEnded() {
    return dispatcher.hasEnded();
  }

  @Override
  public boolean close(Duration patience) {
    if (patience.isNegative()) {
      throw new IllegalArgumentException("patience is " + patience + "; expected zero or more");
    }
    long deadline = deadline(patience);
    failover.end(new ModelClosedException("The model was closed; load it again to go on."));
    members.forEach(member -> member.replica().requestClose());
    if (failover.isOwnThread()) {
      return false;
    }
    failover.close(left(deadline));
    boolean isClosed = awaitEnds(awaitSteps(deadline) ? CLOSE_PATIENCE : Duration.ZERO);
    settings.tokenizer().close();
    return isClosed;
  }

  /** Waits for all together; false if a step still runs. */
  private boolean awaitSteps(long deadline) {
    boolean rest = true;
    for (Member member : members) {
      rest &= member.replica().awaitStep(left(deadline));
    }
    return rest;
  }

  /** Waits for all together: what one holds back, such as a stage of lanes, others may need. */
  private boolean awaitEnds(Duration patience) {
    long deadline = deadline(patience);
    boolean ended = true;
    for (Member member : members) {
      ended &= member.replica().close(left(deadline));
    }
    return ended;
  }

  private static long deadline(Duration patience) {
    return System.nanoTime() + TimeUnit.NANOSECONDS.convert(patience);
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  private void requireUsable() {
    dispatcher.requireOpen();
    if (failover.isOwnThread()) {
      throw OwnThread.refusal();
    }
  }

  private Call call(EngineRequest request) {
    settings.requirePossible(request.request());
    long now = settings.nanos();
    PreparedRequest prepared = settings.intake().prepare(request, now);
    return new Call(arrivals.getAndIncrement(), now, prepared, failover);
  }

  private GenerationHandle enqueue(Call call) {
    try {
      dispatcher.add(call);
    } catch (LoquatException e) {
      room.leave();
      throw e;
    }
    watchTimeout(call);
    failover.dispatch();
    return call.handle();
  }

  /** While a call waits here, no engine sees to its timeout. */
  private void watchTimeout(Call call) {
    if (call.request().request().request().options().turn().timeout().isPresent()) {
      long nanos = Math.max(0, call.request().nanosLeft());
      var unused =
          call.events()
              .ended()
              .copy()
              .orTimeout(nanos, TimeUnit.NANOSECONDS)
              .exceptionallyAsync(
                  late -> {
                    boolean unusedAnswer = failover.withdraw(call, FinishReason.TIMEOUT);
                    return null;
                  });
    }
  }
}
