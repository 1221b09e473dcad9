package dev.loquat.sampling;

import static java.util.Comparator.comparingDouble;

import dev.loquat.generation.Penalties;
import dev.loquat.generation.SamplingOptions;
import dev.loquat.generation.TokenHistory;
import dev.loquat.generation.TokenRules;
import dev.loquat.generation.Truncation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Sampling written down from the definitions of the options, on a copy of everything and with
 * sorts.
 */
final class NaiveSampling {

  private final SamplingOptions options;
  private final Set<Integer> endTokens;

  NaiveSampling(SamplingOptions options, Set<Integer> endTokens) {
    this.options = options;
    this.endTokens = endTokens;
  }

  double[] probabilities(float[] logits, TokenHistory history) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < history.length(); i++) {
      all.add(history.token(i));
    }
    List<Integer> text = all.subList(history.promptLength(), all.size());
    double[] scores = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).toArray();
    options.tokens().bias().forEach((token, bias) -> scores[token] += bias);
    penalize(scores, all, text);
    rule(scores, text.size());
    return options.temperature() == 0 ? oneHot(scores) : softmax(cut(scores));
  }

  private void penalize(double[] scores, List<Integer> all, List<Integer> text) {
    Penalties penalties = options.penalties();
    for (int token : new HashSet<>(all)) {
      scores[token] *= scores[token] < 0 ? penalties.repetition() : 1 / penalties.repetition();
    }
    for (int token : new HashSet<>(text)) {
      scores[token] -=
          penalties.presence() + penalties.frequency() * Collections.frequency(text, token);
    }
    if (penalties.noRepeatNgram() > 0) {
      drop(scores, followers(all, penalties.noRepeatNgram())::contains);
    }
  }

  /** The tokens that came after the same n - 1 tokens as those at the end. */
  private static Set<Integer> followers(List<Integer> all, int n) {
    Map<List<Integer>, Set<Integer>> ngrams = new HashMap<>();
    for (int start = 0; start + n <= all.size(); start++) {
      List<Integer> ngram = all.subList(start, start + n);
      ngrams.computeIfAbsent(ngram.subList(0, n - 1), key -> new HashSet<>()).add(ngram.get(n - 1));
    }
    List<Integer> end = all.subList(Math.max(0, all.size() - n + 1), all.size());
    return ngrams.getOrDefault(end, Set.of());
  }

  private void rule(double[] scores, int newTokens) {
    TokenRules rules = options.tokens();
    if (newTokens < rules.minNewTokens()) {
      drop(scores, endTokens::contains);
    }
    if (newTokens < rules.forced().size()) {
      int forced = rules.forced().get(newTokens);
      drop(scores, token -> token != forced);
      scores[forced] = 0;
    }
    drop(scores, rules.banned()::contains);
    drop(scores, token -> newTokens == 0 && rules.bannedFirst().contains(token));
  }

  private double[] cut(double[] processed) {
    Truncation truncation = options.truncation();
    double[] scores = Arrays.stream(processed).map(s -> s / options.temperature()).toArray();
    if (truncation.topK() > 0) {
      double[] sorted = Arrays.stream(scores).sorted().toArray();
      double last = sorted[Math.max(0, sorted.length - truncation.topK())];
      drop(scores, token -> scores[token] < last);
    }
    drop(scores, outside(topP(scores.clone(), truncation.topP())));
    drop(scores, outside(minP(softmax(scores), truncation.minP())));
    drop(scores, outside(typical(softmax(scores), truncation.typicalP())));
    return scores;
  }

  private static Set<Integer> topP(double[] scores, double mass) {
    return reaching(mass, softmax(scores), token -> -scores[token]);
  }

  private static Set<Integer> minP(double[] p, double part) {
    double least = part * Arrays.stream(p).max().orElseThrow();
    return tokens(p, token -> p[token] >= least);
  }

  private static Set<Integer> typical(double[] p, double mass) {
    double entropy = Arrays.stream(p).filter(x -> x > 0).map(x -> -x * Math.log(x)).sum();
    ToDoubleFunction<Integer> strangeness = token -> Math.abs(-Math.log(p[token]) - entropy);
    double most =
        reaching(mass, p, strangeness).stream().mapToDouble(strangeness).max().orElseThrow();
    return mass == 1
        ? tokens(p, token -> true)
        : tokens(p, token -> strangeness.applyAsDouble(token) <= most);
  }

  /** The first tokens by a key whose probabilities reach a sum; all for a sum of 1. */
  private static Set<Integer> reaching(double mass, double[] p, ToDoubleFunction<Integer> key) {
    double sum = 0;
    Set<Integer> reached = new HashSet<>();
    for (int token : tokens(p, t -> true).stream().sorted(comparingDouble(key)).toList()) {
      if (sum < mass || mass == 1) {
        reached.add(token);
      }
      sum += p[token];
    }
    return reached;
  }

  private static Set<Integer> tokens(double[] p, IntPredicate wanted) {
    return IntStream.range(0, p.length)
        .filter(wanted)
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static IntPredicate outside(Set<Integer> kept) {
    return token -> !kept.contains(token);
  }

  private static void drop(double[] scores, IntPredicate dropped) {
    IntStream.range(0, scores.length)
        .filter(dropped)
        .forEach(token -> scores[token] = Double.NEGATIVE_INFINITY);
  }

  private static double[] softmax(double[] scores) {
    double greatest = Arrays.stream(scores).max().orElseThrow();
    double total = Arrays.stream(scores).map(s -> Math.exp(s - greatest)).sum();
    return Arrays.stream(scores).map(s -> Math.exp(s - greatest) / total).toArray();
  }

  private static double[] oneHot(double[] scores) {
    int best = 0;
    for (int token = 1; token < scores.length; token++) {
      best = scores[token] > scores[best] ? token : best;
    }
    double[] probabilities = new double[scores.length];
    probabilities[best] = 1;
    return probabilities;
  }
}
