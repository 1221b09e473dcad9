package dev.loquat.internal.speculation;

import dev.loquat.generation.TokenHistory;
import java.util.Arrays;
import java.util.List;

/**
 * Drafts what followed the last tokens where they stood before. Right where a text quotes its
 * prompt or itself.
 *
 * <p>Of all earlier places, that with the most tokens in common counts, up to {@value #MAX_NGRAM};
 * of several, the last. What it drafts may go on into the draft itself, so that a text that goes
 * round is drafted round and round. Takes a time linear in the sequence.
 *
 * <p>Prompt lookup decoding, Apoorv Saxena 2023, as transformers' {@code prompt_lookup_num_tokens}.
 */
public final class PromptLookup implements Drafter {
  private static final int[] NOTHING = {};
  private static final int MAX_NGRAM = 3;

  /** Creates it. */
  public PromptLookup() {}

  @Override
  public List<int[]> draft(List<DraftRequest> requests) {
    return requests.stream().map(request -> draft(request.history(), request.limit())).toList();
  }

  private static int[] draft(TokenHistory history, int limit) {
    int end = history.length();
    int place = place(history);
    return place == 0 ? NOTHING : copy(history, place, new int[limit], end - place);
  }

  /** Where the tokens go on that stood before; 0 if they are new. */
  private static int place(TokenHistory history) {
    int best = 0;
    int bestLength = 0;
    for (int place = history.length() - 1; place > 0 && bestLength < MAX_NGRAM; place--) {
      int length = common(history, place);
      if (length > bestLength) {
        best = place;
        bestLength = length;
      }
    }
    return best;
  }

  /** How many tokens before a place are also the last of all. */
  private static int common(TokenHistory history, int place) {
    int end = history.length();
    int length = 0;
    while (length < Math.min(MAX_NGRAM, place)
        && history.token(place - 1 - length) == history.token(end - 1 - length)) {
      length++;
    }
    return length;
  }

  private static int[] copy(TokenHistory history, int place, int[] draft, int period) {
    Arrays.setAll(draft, i -> history.token(place + i % period));
    return draft;
  }
}
