package dev.loquat.internal.engine;

import dev.loquat.error.BackendException;
import dev.loquat.error.LoquatException;
import dev.loquat.generation.DraftSource;
import dev.loquat.internal.speculation.DraftRequest;
import dev.loquat.internal.speculation.Drafter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Gets drafts for the generations that go on.
 *
 * <p>Not thread-safe: owned by the engine thread.
 */
final class Drafting {
  private final Map<DraftSource, Drafter> drafters;
  private final boolean batchesLongRows;
  private final Observers observers;

  /** Creates it over a session that computes rows of several tokens with the others, or apart. */
  Drafting(Map<DraftSource, Drafter> drafters, boolean batchesLongRows, Observers observers) {
    this.drafters = new EnumMap<>(drafters);
    this.batchesLongRows = batchesLongRows;
    this.observers = observers;
  }

  void draft(List<Generation> generations) {
    int worthwhile = batchesLongRows ? 1 : generations.size();
    Map<DraftSource, List<Speculator>> waiting =
        generations.stream()
            .flatMap(generation -> generation.speculator().stream())
            .filter(speculator -> speculator.wants(worthwhile))
            .collect(Collectors.groupingBy(Speculator::source));
    waiting.forEach(
        (source, speculators) -> draft(Objects.requireNonNull(drafters.get(source)), speculators));
  }

  /** Forgets what drafters keep. */
  void forget() {
    drafters.values().forEach(Drafter::forget);
  }

  /** After a failure each tries again alone; the one whose own draft fails has no more. */
  private void draft(Drafter drafter, List<Speculator> speculators) {
    try {
      List<DraftRequest> requests = speculators.stream().map(Speculator::request).toList();
      List<int[]> drafts = drafter.draft(requests);
      for (int i = 0; i < drafts.size(); i++) {
        speculators.get(i).take(drafts.get(i));
      }
    } catch (Throwable e) {
      RuntimeException failure = Faults.typed(e, Drafting::failed);
      if (speculators.size() == 1) {
        speculators.get(0).giveUp();
        observers.draftFailed(failure);
      } else {
        speculators.forEach(alone -> draft(drafter, List.of(alone)));
      }
    }
  }

  private static LoquatException failed(Throwable cause) {
    return new BackendException("The draft model failed: " + cause.getMessage(), cause);
  }
}
