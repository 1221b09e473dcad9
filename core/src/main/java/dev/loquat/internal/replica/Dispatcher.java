package dev.loquat.internal.replica;

import dev.loquat.error.LoquatException;
import dev.loquat.error.ModelClosedException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The queue in front of all replicas: the higher priority goes first, then the earlier arrival, as
 * soon as a replica has a slot for it.
 *
 * <p>Safe for use by several threads. Calls are started and ended outside its lock, by the thread
 * whose call made room.
 */
final class Dispatcher {
  private static final Comparator<Call> FIRST_TO_GO =
      Comparator.comparingInt(Call::priority).reversed().thenComparingLong(Call::arrival);

  private final List<Member> members;
  private final NavigableSet<Call> waiting = new TreeSet<>(FIRST_TO_GO);
  private @Nullable LoquatException end;

  Dispatcher(List<Member> members) {
    this.members = List.copyOf(members);
  }

  /** A call and where it goes. */
  private record Assignment(Call call, Member member, Replica replica) {}

  synchronized int waiting() {
    return waiting.size();
  }

  synchronized boolean hasEnded() {
    return end != null;
  }

  /** Those that take calls. */
  synchronized List<Member> members() {
    return members.stream().filter(member -> !member.isLost()).toList();
  }

  /**
   * Checks that it takes calls.
   *
   * @throws ModelClosedException if all replicas have ended
   */
  synchronized void requireOpen() {
    if (end != null) {
      throw new ModelClosedException(String.valueOf(end.getMessage()), end);
    }
  }

  /**
   * Queues a call.
   *
   * @throws ModelClosedException if all replicas have ended
   */
  synchronized void add(Call call) {
    requireOpen();
    waiting.add(call);
  }

  /** Takes a call out of the queue; false if it does not wait. */
  synchronized boolean withdraw(Call call) {
    return waiting.remove(call);
  }

  /** Gives the slots of a call back. */
  synchronized void leave(Member member, Call call) {
    member.remove(call);
  }

  /** Gives no more calls to a replica; tells whether it did before. */
  synchronized boolean lose(Member member, Replica replica, boolean reviving) {
    boolean isNew = end == null && !member.isLost() && member.replica() == replica;
    if (isNew) {
      member.lose(reviving);
    }
    return isNew;
  }

  /** Takes a replica that was started again; empty if it has ended and is of no use. */
  synchronized Optional<Duration> replace(Member member, Replica replica) {
    return end == null ? Optional.of(member.replace(replica)) : Optional.empty();
  }

  synchronized void giveUp(Member member) {
    member.giveUp();
  }

  /** Whether no replica takes calls and none will. */
  synchronized boolean isHopeless() {
    return members.stream().allMatch(member -> member.isLost() && !member.isReviving());
  }

  /** Ends, if it has not; what waited is the caller's to end. */
  synchronized List<Call> close(LoquatException cause) {
    end = end == null ? cause : end;
    List<Call> left = List.copyOf(waiting);
    waiting.clear();
    return left;
  }

  /** The next call that has where to go; it has left the queue. */
  private synchronized Optional<Assignment> assign() {
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    Call call = waiting.first();
    Optional<Member> member = Router.choose(call, members);
    member.ifPresent(
        chosen -> {
          waiting.remove(call);
          chosen.add(call);
        });
    return member.map(chosen -> new Assignment(call, chosen, chosen.replica()));
  }

  /** Starts what can be started; a call whose replica refuses it is lost there. */
  void dispatch(Refusal refused) {
    Optional<Assignment> next = assign();
    while (next.isPresent()) {
      Assignment assigned = next.get();
      try {
        assigned.call().start(assigned.member(), assigned.replica());
      } catch (LoquatException e) {
        refused.accept(assigned.call(), assigned.member(), assigned.replica(), e);
      }
      next = assign();
    }
  }

  /** Told of a call that a replica did not take. */
  interface Refusal {
    void accept(Call call, Member member, Replica replica, LoquatException cause);
  }
}
