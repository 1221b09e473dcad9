package dev.loquat.internal.replica;

import dev.loquat.error.LoquatException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.generation.FinishReason;
import dev.loquat.internal.engine.TextEngine;
import dev.loquat.internal.engine.WaitingRoom;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of calls and of replicas where a replica ends by itself. What waits goes to another
 * one; what runs there fails, or is begun again elsewhere where that was asked for; the replica is
 * started again if it can be. Without any left, all ends.
 *
 * <p>Safe for use by several threads. Owns what starts replicas again, but no replica.
 */
final class Failover implements CallOwner {
  /** A call that brings replicas down, one after the other, stops here. */
  static final int MOST_ATTEMPTS = 2;

  private static final Logger LOGGER = System.getLogger(Failover.class.getName());

  private final GroupSettings settings;
  private final List<Member> members;
  private final Dispatcher dispatcher;
  private final WaitingRoom room;
  private final Optional<Revival> revival;

  /**
   * Creates it; it knows of ends once it watches.
   *
   * @param dispatcher where calls wait
   * @param room where calls have their places until they end
   */
  Failover(GroupSettings settings, List<Member> members, Dispatcher dispatcher, WaitingRoom room) {
    this.settings = settings;
    this.members = members;
    this.dispatcher = dispatcher;
    this.room = room;
    revival = settings.reviver().map(reviver -> new Revival(reviver, this::revived, this::givenUp));
  }

  /** Starts what can be started. */
  void dispatch() {
    dispatcher.dispatch(
        (call, member, replica, cause) -> {
          LoquatException reason = Failures.reason(cause);
          dispatcher.leave(member, call);
          lose(member, replica, reason);
          again(call, reason);
        });
  }

  /** Learns when the member's replica ends, and those that are started in its place. */
  void watch(Member member) {
    watch(member, member.replica());
  }

  private void watch(Member member, Replica replica) {
    replica.onEnd(cause -> lose(member, replica, cause));
  }

  private void lose(Member member, Replica replica, LoquatException cause) {
    if (dispatcher.lose(member, replica, revival.isPresent())) {
      LOGGER.log(Logger.Level.WARNING, "Replica " + member.index() + " has ended", cause);
      settings.listeners().tell(listener -> listener.onReplicaEnd(member.index(), cause));
      revival.ifPresent(starts -> starts.begin(member));
      endIfHopeless(cause);
    }
  }

  private void revived(Member member, Replica replica) {
    Optional<Duration> down = dispatcher.replace(member, replica);
    if (down.isEmpty()) {
      boolean unused = replica.close(TextEngine.CLOSE_PATIENCE);
      return;
    }
    settings.listeners().tell(listener -> listener.onReplicaRestart(member.index(), down.get()));
    watch(member, replica);
    dispatch();
  }

  private void givenUp(Member member, LoquatException cause) {
    dispatcher.giveUp(member);
    endIfHopeless(cause);
  }

  private void endIfHopeless(LoquatException cause) {
    if (dispatcher.isHopeless()) {
      end(cause);
    }
  }

  /** Ends the queue, fails what waits, and has no replica started any more. Does not wait. */
  void end(LoquatException cause) {
    List<Call> left = dispatcher.close(cause);
    revival.ifPresent(Revival::requestClose);
    left.forEach(call -> call.fail(cause));
  }

  /** Waits, after {@link #end}, until what was being started has been ended. */
  void close(Duration patience) {
    revival.ifPresent(starts -> starts.close(patience));
  }

  private void again(Call call, LoquatException cause) {
    try {
      call.renew(settings.intake().prepare(call.request().request(), call.submittedNanos()));
      dispatcher.add(call);
    } catch (ModelClosedException e) {
      call.fail(cause);
    } catch (RuntimeException e) {
      call.fail(e);
    }
  }

  private boolean mayGoOn(Call call, Run run) {
    return !run.hasStarted() || (settings.retryRunning() && call.attempts() < MOST_ATTEMPTS);
  }

  @Override
  public boolean isOwnThread() {
    return members.stream().anyMatch(member -> member.replica().isOwnThread());
  }

  @Override
  public boolean withdraw(Call call, FinishReason reason) {
    boolean waited = dispatcher.withdraw(call);
    if (waited) {
      call.breakOff(reason);
    }
    return waited;
  }

  @Override
  public void lost(Call call, Run run, LoquatException cause) {
    run.cancel();
    Member member = run.member().orElseThrow();
    dispatcher.leave(member, call);
    lose(member, run.replica().orElseThrow(), cause);
    if (call.isCancelled() || !mayGoOn(call, run)) {
      call.fail(Failures.ofRunning(cause, settings.retryRunning()));
    } else {
      if (run.hasStarted()) {
        settings.listeners().tell(listener -> listener.onReplicaRetry(member.index()));
      }
      again(call, cause);
    }
    dispatch();
  }

  @Override
  public void ended(Call call, Optional<Member> at) {
    at.ifPresent(member -> dispatcher.leave(member, call));
    room.leave();
    dispatch();
  }
}
