package dev.loquat.internal.replica;

import dev.loquat.generation.TokenLogProbs;
import dev.loquat.internal.engine.GenerationEvent;
import dev.loquat.internal.engine.GenerationHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One attempt at a call: its parts as one. A text to score may have several parts, or none.
 *
 * <p>One thread at a time polls; any thread may cancel.
 */
final class Run {
  private final Optional<Member> member;
  private final Optional<Replica> replica;
  private final List<GenerationHandle> parts;
  private final List<TokenLogProbs> scored = new ArrayList<>();
  private int ended;
  private boolean isOver;

  /** Creates that of a call that was broken off before a replica took it. */
  Run(List<GenerationHandle> parts) {
    this(Optional.empty(), Optional.empty(), parts);
  }

  /** Creates it. */
  Run(Member member, Replica replica, List<GenerationHandle> parts) {
    this(Optional.of(member), Optional.of(replica), parts);
  }

  private Run(Optional<Member> member, Optional<Replica> replica, List<GenerationHandle> parts) {
    this.member = member;
    this.replica = replica;
    this.parts = parts;
  }

  Optional<Member> member() {
    return member;
  }

  /** The replica that runs it, which may have been replaced in its member since. */
  Optional<Replica> replica() {
    return replica;
  }

  /** Whether its replica ended under it. */
  boolean isLost() {
    return replica.filter(Replica::hasEnded).isPresent();
  }

  boolean hasStarted() {
    return parts.stream().anyMatch(GenerationHandle::hasStarted);
  }

  void onEvent(Runnable listener) {
    if (parts.isEmpty()) {
      listener.run();
    }
    parts.forEach(part -> part.onEvent(listener));
  }

  void cancel() {
    parts.forEach(GenerationHandle::cancel);
  }

  /** The next event; that of the last part is the last. */
  Optional<GenerationEvent> poll() {
    while (!isOver) {
      if (ended == parts.size()) {
        return last(new GenerationEvent.Scored(scored));
      }
      Optional<GenerationEvent> event = parts.get(ended).poll();
      if (event.isEmpty() || event.get() instanceof GenerationEvent.Text) {
        return event;
      }
      if (!(event.get() instanceof GenerationEvent.Scored part)) {
        return last(event.get());
      }
      scored.addAll(part.tokens());
      ended++;
    }
    return Optional.empty();
  }

  private Optional<GenerationEvent> last(GenerationEvent event) {
    isOver = true;
    cancel();
    return Optional.of(event);
  }
}
