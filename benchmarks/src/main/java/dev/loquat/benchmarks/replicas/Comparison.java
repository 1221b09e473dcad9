package dev.loquat.benchmarks.replicas;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.benchmarks.Median;
import dev.loquat.benchmarks.Passages;
import dev.loquat.generation.GenerationResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One engine and several replicas of the same model, in turns: how fast a full batch is, and how
 * much of the prompts of conversations the KV cache holds.
 */
final class Comparison {
  /** The turns of a conversation, each of which begins with those before. */
  static final int TURNS = 4;

  private static final int WARM_UP_ROUNDS = 1;

  private final Model one;
  private final Model several;
  private final int batch;
  private final int promptWords;
  private final int newTokens;
  private final Passages passages = Passages.read();

  Comparison(Model one, Model several, int batch, int promptWords, int newTokens) {
    this.one = one;
    this.several = several;
    this.batch = batch;
    this.promptWords = promptWords;
    this.newTokens = newTokens;
  }

  /** The seconds of both, and whether they gave the same tokens. */
  private record Round(double one, double several, boolean sameTokens) {}

  private record Timed(double seconds, List<List<Integer>> tokens) {}

  ObjectNode measure(int rounds) {
    List<Round> measured = new ArrayList<>();
    for (int i = 0; i < WARM_UP_ROUNDS + rounds; i++) {
      Round round = round(i);
      if (i >= WARM_UP_ROUNDS) {
        measured.add(round);
      }
    }
    double tokens = (double) batch * newTokens;
    return new JsonMapper()
        .createObjectNode()
        .put("replicas", several.info().replicas().size())
        .put("batch", batch)
        .put("throughputRatio", Median.of(measured, round -> round.one() / round.several()))
        .put("tokensPerSecond", Median.of(measured, round -> tokens / round.several()))
        .put("sameTokens", measured.stream().allMatch(Round::sameTokens))
        .put("cachedPart", cachedPart(several))
        .put("cachedPartOfOne", cachedPart(one));
  }

  private Round round(int number) {
    List<String> prompts =
        IntStream.range(0, batch)
            .mapToObj(i -> number + "." + i + " " + passages.words(i * 31, promptWords))
            .toList();
    boolean oneFirst = number % 2 == 0;
    Timed first = timed(oneFirst ? one : several, prompts);
    Timed second = timed(oneFirst ? several : one, prompts);
    boolean same = first.tokens().equals(second.tokens());
    return oneFirst
        ? new Round(first.seconds(), second.seconds(), same)
        : new Round(second.seconds(), first.seconds(), same);
  }

  private Timed timed(Model model, List<String> prompts) {
    long start = System.nanoTime();
    List<GenerationResult> results = generator(model).generate(prompts);
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Timed(seconds, results.stream().map(GenerationResult::tokenIds).toList());
  }

  private Generator generator(Model model) {
    return model.generator().temperature(0).minNewTokens(newTokens).maxNewTokens(newTokens);
  }

  /**
   * Of the prompts of later turns that was computed before, the part that was not computed again.
   * There are half as many conversations as slots, each turn of all side by side.
   */
  private double cachedPart(Model model) {
    int conversations = Math.max(1, batch / 2);
    String[] texts =
        IntStream.range(0, conversations)
            .mapToObj(i -> "Conversation " + i + ": " + passages.words(i * 53, promptWords))
            .toArray(String[]::new);
    long cached = 0;
    long before = 0;
    int[] known = new int[conversations];
    for (int turn = 0; turn < TURNS; turn++) {
      List<GenerationResult> results = generator(model).generate(Arrays.asList(texts));
      for (int i = 0; i < conversations; i++) {
        GenerationResult result = results.get(i);
        cached += turn == 0 ? 0 : result.cachedTokens();
        before += known[i];
        known[i] = result.promptTokens() + result.newTokens() - 1;
        texts[i] += result.text() + " And " + passages.words(turn * 17, promptWords / 4);
      }
    }
    return (double) cached / before;
  }
}
