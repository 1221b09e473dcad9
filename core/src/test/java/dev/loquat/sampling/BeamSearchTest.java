package dev.loquat.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.EarlyStopping;
import dev.loquat.generation.SamplingOptions;
import dev.loquat.sampling.BeamSearch.Choice;
import dev.loquat.sampling.BeamSearch.Found;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** Searches with a model of four tokens, of which the last ends a text, against all its texts. */
class BeamSearchTest {
  private static final int VOCABULARY = 4;
  private static final int END = 3;
  private static final int MAX_NEW_TOKENS = 4;

  /** More beams than there are beginnings: nothing is ever dropped. */
  private static final int ENOUGH = 200;

  @Property(tries = 200)
  void findsTheBestOfAllTextsWhenNoBeamIsDropped(
      @ForAll long seed, @ForAll @DoubleRange(min = -1, max = 2) double lengthPenalty) {
    BeamOptions options = new BeamOptions(ENOUGH, 5, lengthPenalty, EarlyStopping.WHEN_PROVEN);

    List<Found> found = search(seed, options);

    List<Found> best = allTexts(seed, lengthPenalty).subList(0, 5);
    assertThat(found)
        .extracting(Found::tokens)
        .isEqualTo(best.stream().map(Found::tokens).toList());
    for (int i = 0; i < best.size(); i++) {
      assertThat(found.get(i).score()).isCloseTo(best.get(i).score(), within(1e-5));
    }
  }

  @Property(tries = 100)
  void oneBeamIsGreedyUntilATextEnds(@ForAll long seed) {
    List<Integer> greedy = new ArrayList<>();
    while (greedy.size() < MAX_NEW_TOKENS && !greedy.contains(END)) {
      greedy.add(Peak.of(logits(seed, greedy), LogitsOrigin.MODEL));
    }
    BeamOptions options = BeamOptions.of(1).withEarlyStopping(EarlyStopping.AT_ENOUGH);
    assertThat(search(seed, options)).extracting(Found::tokens).containsExactly(greedy);
  }

  @Test
  void refusesMoreTextsThanBeams() {
    assertThatThrownBy(() -> BeamOptions.of(2).withTexts(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("texts is 3; expected 1 to the number of beams, 2");
  }

  private static List<Found> search(long seed, BeamOptions options) {
    BeamSearch search =
        new BeamSearch(options, SamplingOptions.greedy(), VOCABULARY, Set.of(END), MAX_NEW_TOKENS);
    List<List<Integer>> beams = List.of(List.of());
    while (!beams.isEmpty()) {
      for (int beam = 0; beam < beams.size(); beam++) {
        search.offer(beam, logits(seed, beams.get(beam)), new ListedTokens(beams.get(beam), 0));
      }
      List<List<Integer>> next = new ArrayList<>();
      for (Choice choice : search.choose()) {
        next.add(extend(beams.get(choice.beam()), choice.token()));
      }
      beams = next;
    }
    return search.best();
  }

  private static List<Found> allTexts(long seed, double lengthPenalty) {
    List<Found> texts = new ArrayList<>();
    collect(seed, lengthPenalty, List.of(), 0, texts);
    texts.sort(Comparator.comparingDouble((Found text) -> -text.score()));
    return texts;
  }

  private static void collect(
      long seed, double lengthPenalty, List<Integer> text, double sum, List<Found> texts) {
    if (text.size() == MAX_NEW_TOKENS || text.contains(END)) {
      texts.add(new Found(text, sum / Math.pow(text.size(), lengthPenalty)));
      return;
    }
    float[] logits = logits(seed, text);
    double total = 0;
    for (float logit : logits) {
      total += Math.exp(logit);
    }
    for (int token = 0; token < VOCABULARY; token++) {
      double logProbability = logits[token] - Math.log(total);
      collect(seed, lengthPenalty, extend(text, token), sum + logProbability, texts);
    }
  }

  private static List<Integer> extend(List<Integer> text, int token) {
    List<Integer> longer = new ArrayList<>(text);
    longer.add(token);
    return longer;
  }

  private static float[] logits(long seed, List<Integer> text) {
    Random random = new Random(seed * 31 + text.hashCode());
    float[] logits = new float[VOCABULARY];
    for (int i = 0; i < VOCABULARY; i++) {
      logits[i] = (float) random.nextGaussian() * 2;
    }
    return logits;
  }
}
