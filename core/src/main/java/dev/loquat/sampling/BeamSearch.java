package dev.loquat.sampling;

import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.EarlyStopping;
import dev.loquat.generation.SamplingOptions;
import dev.loquat.generation.TokenHistory;
import dev.loquat.sampling.BestContinuations.Continuation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Looks for the likeliest texts of one prompt by following several beginnings at once, with the
 * choices of transformers' beam search.
 *
 * <p>Each step, {@link #offer} the logits behind every beam, then {@link #choose}. Not thread-safe.
 */
public final class BeamSearch {
  private final BeamOptions options;
  private final ProcessedLogits processed;
  private final Set<Integer> endTokens;
  private final int maxNewTokens;
  private final List<Beam> finished = new ArrayList<>();
  private List<Beam> beams = List.of(Beam.EMPTY);
  private BestContinuations continuations;

  /**
   * A text that was found.
   *
   * @param tokens its tokens, an end token included
   * @param score its log-probability by its length
   */
  public record Found(List<Integer> tokens, double score) {}

  /**
   * What the next step follows.
   *
   * @param beam the index of the beam that it goes on from
   * @param token the token behind it
   */
  public record Choice(int beam, int token) {}

  /**
   * Creates a search that follows one beam without tokens.
   *
   * @param options how to search
   * @param sampling what changes the logits; temperature and filters do not count
   * @param vocabularySize the length of the logits
   * @param endTokens the tokens that end a text
   * @param maxNewTokens the most tokens of a text
   * @throws IllegalArgumentException if the options name a token that the vocabulary lacks
   */
  public BeamSearch(
      BeamOptions options,
      SamplingOptions sampling,
      int vocabularySize,
      Set<Integer> endTokens,
      int maxNewTokens) {
    this.options = options;
    this.processed = ProcessedLogits.of(sampling, vocabularySize, endTokens, List.of());
    this.endTokens = Set.copyOf(endTokens);
    this.maxNewTokens = maxNewTokens;
    continuations = noContinuations();
  }

  /**
   * Offers what may follow a beam.
   *
   * @param beam its index in the last choices; 0 before the first
   * @param logits one for every token; overwritten
   * @param history the prompt's tokens and the beam's
   */
  public void offer(int beam, float[] logits, TokenHistory history) {
    LogSoftmax.inPlace(logits, logits[Peak.of(logits, LogitsOrigin.MODEL)]);
    processed.peak(logits, history);
    continuations.offer(beam, beams.get(beam).logProbability(), logits);
  }

  /**
   * Chooses among all that was offered since the last choice.
   *
   * @return the beams of the next step, the best first; empty when the search is over
   */
  public List<Choice> choose() {
    List<Continuation> best = continuations.sorted();
    continuations = noContinuations();
    finish(best);
    List<Continuation> open =
        best.stream().filter(one -> !ends(one)).limit(options.beams()).toList();
    if (open.isEmpty() || isOver(extended(open.get(0)))) {
      return List.of();
    }
    beams = open.stream().map(this::extended).toList();
    return open.stream().map(one -> new Choice(one.beam(), one.token())).toList();
  }

  /**
   * The best texts that have ended.
   *
   * @return as many as were asked for, or less if the search found less; the best first
   */
  public List<Found> best() {
    return finished.stream()
        .limit(options.texts())
        .map(beam -> new Found(beam.tokens(), score(beam)))
        .toList();
  }

  /** Only a continuation among the best, one for each beam, may end a text. */
  private void finish(List<Continuation> best) {
    boolean full = isFull() && options.earlyStopping() == EarlyStopping.AT_ENOUGH;
    best.stream()
        .limit(full ? 0 : options.beams())
        .filter(this::ends)
        .map(this::extended)
        .forEach(finished::add);
    finished.sort(Comparator.comparingDouble(beam -> -score(beam)));
    if (finished.size() > options.beams()) {
      finished.subList(options.beams(), finished.size()).clear();
    }
  }

  private boolean isOver(Beam bestOpen) {
    if (!isFull()) {
      return false;
    }
    boolean longest = options.earlyStopping() == EarlyStopping.WHEN_PROVEN;
    int length = longest && options.lengthPenalty() > 0 ? maxNewTokens : bestOpen.length();
    double possible = bestOpen.logProbability() / Math.pow(length, options.lengthPenalty());
    double worst = score(finished.get(finished.size() - 1));
    return options.earlyStopping() == EarlyStopping.AT_ENOUGH || possible <= worst;
  }

  private boolean isFull() {
    return finished.size() == options.beams();
  }

  private boolean ends(Continuation continuation) {
    return endTokens.contains(continuation.token())
        || beams.get(continuation.beam()).length() + 1 == maxNewTokens;
  }

  private Beam extended(Continuation continuation) {
    return beams
        .get(continuation.beam())
        .extend(continuation.token(), continuation.logProbability());
  }

  private double score(Beam beam) {
    return beam.score(options.lengthPenalty());
  }

  /** So many that enough of them go on even if every beam meets every end token. */
  private BestContinuations noContinuations() {
    return new BestContinuations(Math.max(2, 1 + endTokens.size()) * options.beams());
  }
}
