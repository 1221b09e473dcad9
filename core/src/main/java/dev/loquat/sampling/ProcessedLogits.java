package dev.loquat.sampling;

import dev.loquat.generation.LogitsProcessor;
import dev.loquat.generation.Penalties;
import dev.loquat.generation.SamplingOptions;
import dev.loquat.generation.TokenHistory;
import dev.loquat.generation.TokenRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What happens to logits before a token is chosen, greedily or not.
 *
 * @param processors the changes, first to last
 */
record ProcessedLogits(List<LogitsProcessor> processors) {

  ProcessedLogits {
    processors = List.copyOf(processors);
  }

  /** What the options ask for, in transformers' order, and then what comes last. */
  static ProcessedLogits of(
      SamplingOptions options,
      int vocabularySize,
      Set<Integer> endTokens,
      List<LogitsProcessor> last) {
    requireKnown(options.tokens(), vocabularySize);
    List<LogitsProcessor> processors = new ArrayList<>();
    if (!options.tokens().bias().isEmpty()) {
      processors.add(new LogitBias(options.tokens().bias()));
    }
    addPenalties(options.penalties(), processors);
    addRules(options.tokens(), endTokens, processors);
    addCallers(options.processors(), processors);
    processors.addAll(last);
    return new ProcessedLogits(processors);
  }

  /** Whether nothing happens to them. */
  boolean isUnchanged() {
    return processors.isEmpty();
  }

  /** Changes the logits in place; returns the position of the greatest. */
  int peak(float[] logits, TokenHistory history) {
    int peak = Peak.of(logits, LogitsOrigin.MODEL);
    if (processors.isEmpty()) {
      return peak;
    }
    for (LogitsProcessor processor : processors) {
      processor.process(history, logits);
    }
    return Peak.of(logits, LogitsOrigin.PROCESSORS);
  }

  private static void addCallers(List<LogitsProcessor> callers, List<LogitsProcessor> processors) {
    for (int i = 0; i < callers.size(); i++) {
      processors.add(new CallerProcessor(callers.get(i), i + 1));
    }
  }

  private static void addPenalties(Penalties penalties, List<LogitsProcessor> processors) {
    if (penalties.repetition() != 1) {
      processors.add(new RepetitionPenalty(penalties.repetition()));
    }
    if (penalties.presence() != 0 || penalties.frequency() != 0) {
      processors.add(new OccurrencePenalty(penalties.presence(), penalties.frequency()));
    }
    if (penalties.noRepeatNgram() > 0) {
      processors.add(new NoRepeatNgram(penalties.noRepeatNgram()));
    }
  }

  private static void addRules(
      TokenRules rules, Set<Integer> endTokens, List<LogitsProcessor> processors) {
    if (rules.minNewTokens() > 0) {
      processors.add(new BannedBefore(rules.minNewTokens(), new BannedTokens(endTokens)));
    }
    if (!rules.forced().isEmpty()) {
      processors.add(new ForcedTokens(rules.forced()));
    }
    if (!rules.banned().isEmpty()) {
      processors.add(new BannedTokens(rules.banned()));
    }
    if (!rules.bannedFirst().isEmpty()) {
      processors.add(new BannedBefore(1, new BannedTokens(rules.bannedFirst())));
    }
  }

  private static void requireKnown(TokenRules rules, int vocabularySize) {
    requireKnown("logitBias", rules.bias().keySet(), vocabularySize);
    requireKnown("forcedTokens", rules.forced(), vocabularySize);
    requireKnown("bannedTokens", rules.banned(), vocabularySize);
    requireKnown("bannedFirstTokens", rules.bannedFirst(), vocabularySize);
  }

  private static void requireKnown(String name, Iterable<Integer> tokens, int vocabularySize) {
    for (int token : tokens) {
      if (token >= vocabularySize) {
        throw new IllegalArgumentException(
            name + " has token " + token + "; the vocabulary has " + vocabularySize + " tokens");
      }
    }
  }
}
