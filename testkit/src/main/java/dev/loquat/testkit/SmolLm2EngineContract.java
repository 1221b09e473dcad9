package dev.loquat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.loquat.Generator;
import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.device.Precision;
import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.DraftSource;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.ScoredText;
import dev.loquat.generation.Speculation;
import dev.loquat.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What callers get of SmolLM2 through the whole of Loquat: the tokens of transformers, however the
 * engine runs a request.
 */
abstract class SmolLm2EngineContract extends ContractFixture {
  private static final int NEW_TOKENS = 12;
  private static final int END_TOKEN = 2;

  SmolLm2EngineContract() {}

  /** How far a log-probability may be from transformers' in single precision. */
  protected abstract double logProbabilityTolerance(Precision precision);

  @Test
  void generatesTheTokensOfTransformersAlone() throws IOException {
    try (Model model = loader().batch(1).prefixCache(0).load()) {
      agreesWithTransformers(model, GreedyText.all().subList(0, 4));
    }
  }

  @Test
  void generatesTheSameTokensInAFullBatch() throws IOException {
    try (Model model = loader().batch(8).prefixCache(0).load()) {
      agreesWithTransformers(model, GreedyText.all());
    }
  }

  @Test
  void generatesTheSameTokensWhenPromptsAreChunked() throws IOException {
    try (Model model = loader().batch(4).stepTokens(5).prefixCache(0).load()) {
      agreesWithTransformers(model, GreedyText.all().subList(16, 20));
    }
  }

  @Test
  void generatesTheSameTokensAfterAPrefixHit() throws IOException {
    GreedyText text = longest();
    try (Model model = loader().batch(2).load()) {
      text.agrees(greedy(model).generate(text.prompt()), NEW_TOKENS);
      GenerationResult again = greedy(model).generate(text.prompt());
      assertThat(again.cachedTokens()).isPositive();
      text.agrees(again, NEW_TOKENS);
    }
  }

  @Test
  void generatesTheSameTokensAsSamplesOfOnePrompt() throws IOException {
    GreedyText text = longest();
    try (Model model = loader().batch(3).load()) {
      List<GenerationResult> samples = greedy(model).samples(text.prompt(), 3);
      assertThat(samples).hasSize(3).last().matches(last -> last.cachedTokens() > 0);
      samples.forEach(sample -> text.agrees(sample, NEW_TOKENS));
    }
  }

  /** The urgent request arrives while the only slot's generation chooses its fourth token. */
  @Test
  void generatesTheSameTokensAfterPreemption() throws IOException {
    GreedyText patient = GreedyText.all().get(1);
    GreedyText urgent = GreedyText.all().get(0);
    AtomicInteger chosen = new AtomicInteger();
    List<Integer> chosenMeanwhile = new ArrayList<>();
    CompletableFuture<Void> arrival = new CompletableFuture<>();
    try (Model model = loader().batch(1).load()) {
      Generator first =
          greedy(model)
              .priority(1)
              .logitsProcessors((history, logits) -> chosenMeanwhile.add(chosen.get()));
      CompletableFuture<GenerationResult> answer =
          arrival.thenCompose(now -> first.generateAsync(urgent.prompt()));
      Generator second =
          greedy(model)
              .logitsProcessors(
                  (history, logits) -> {
                    if (chosen.incrementAndGet() == 4) {
                      arrival.complete(null);
                    }
                  });
      patient.agrees(second.generate(patient.prompt()), NEW_TOKENS);
      urgent.agrees(answer.join(), NEW_TOKENS);
      assertThat(chosenMeanwhile).hasSize(NEW_TOKENS).containsOnly(4);
    }
  }

  /** The model drafts for itself, so that every draft is right. */
  @Test
  void generatesTheSameTokensWithItselfAsDraftModel() throws IOException {
    List<GreedyText> texts = GreedyText.all().subList(0, 4);
    try (Model model =
        loader().batch(4).prefixCache(0).draftModel(SmolLm2Reference.folder()).load()) {
      List<GenerationResult> results =
          greedy(model)
              .speculate(DraftSource.DRAFT_MODEL, 4)
              .generate(texts.stream().map(GreedyText::prompt).toList());
      for (int i = 0; i < texts.size(); i++) {
        texts.get(i).agrees(results.get(i), NEW_TOKENS);
        Speculation speculation = results.get(i).speculation();
        assertThat(speculation.acceptedTokens())
            .isPositive()
            .isEqualTo(speculation.draftedTokens());
      }
    }
  }

  @Test
  void generatesTheSameTokensWithPromptLookup() throws IOException {
    List<GreedyText> texts = GreedyText.all().subList(0, 4);
    try (Model model = loader().batch(4).prefixCache(0).load()) {
      List<GenerationResult> results =
          greedy(model).speculate(8).generate(texts.stream().map(GreedyText::prompt).toList());
      for (int i = 0; i < texts.size(); i++) {
        texts.get(i).agrees(results.get(i), NEW_TOKENS);
      }
    }
  }

  @Test
  void generatesTheSameTokensWhereLookupsAreRight() throws IOException {
    String repeating = "red, green, blue, black, white. ".repeat(3) + "red, green,";
    try (Model model = loader().batch(1).prefixCache(0).load()) {
      GenerationResult guessed = greedy(model).speculate(8).generate(repeating);
      assertThat(guessed.tokenIds()).isEqualTo(greedy(model).generate(repeating).tokenIds());
      assertThat(guessed.speculation().acceptedTokens()).isPositive();
    }
  }

  @Test
  void findsTheBeamsOfTransformers() throws IOException {
    try (Tokenizer tokenizer = Tokenizer.open(SmolLm2Reference.folder());
        Model model = loader().batch(4).load()) {
      for (JsonNode search : SmolLm2Reference.cases("beam.json")) {
        int[] prompt = ints(search.required("promptIds"));
        List<ScoredText> texts =
            model
                .generator()
                .maxNewTokens(search.required("maxNewTokens").intValue())
                .beamSearch(tokenizer.decode(prompt, false), options(search));
        agree(texts, search.required("sequences"));
      }
    }
  }

  private static BeamOptions options(JsonNode search) {
    return BeamOptions.of(search.required("numBeams").intValue())
        .withTexts(search.required("sequences").size())
        .withLengthPenalty(search.required("lengthPenalty").doubleValue());
  }

  private void agree(List<ScoredText> texts, JsonNode expected) {
    assertThat(texts).hasSameSizeAs(expected);
    for (int rank = 0; rank < texts.size(); rank++) {
      JsonNode text = expected.get(rank);
      assertThat(texts.get(rank).tokenIds())
          .isEqualTo(untilEnd(SmolLm2Reference.ids(text.required("ids"))));
      assertThat(texts.get(rank).score())
          .isCloseTo(
              text.required("score").doubleValue(),
              within(logProbabilityTolerance(Precision.FP32)));
    }
  }

  /** Texts that end before the longest of their search are filled up with end tokens. */
  private static List<Integer> untilEnd(List<Integer> ids) {
    int end = ids.indexOf(END_TOKEN);
    return end < 0 ? ids : ids.subList(0, end + 1);
  }

  private static void agreesWithTransformers(Model model, List<GreedyText> texts) {
    List<GenerationResult> results =
        greedy(model).generate(texts.stream().map(GreedyText::prompt).toList());
    for (int i = 0; i < texts.size(); i++) {
      texts.get(i).agrees(results.get(i), NEW_TOKENS);
    }
  }

  private static Generator greedy(Model model) {
    return model.generator().temperature(0).maxNewTokens(NEW_TOKENS);
  }

  private static GreedyText longest() throws IOException {
    return GreedyText.all().get(6);
  }

  private static int[] ints(JsonNode ids) {
    return SmolLm2Reference.ids(ids).stream().mapToInt(Integer::intValue).toArray();
  }

  private ModelLoader loader() {
    Path folder = SmolLm2Reference.folder();
    return Loquat.model(folder)
        .backend(provider().name())
        .onDevice(device())
        .withPrecision(Precision.FP32)
        .contextLength(128);
  }
}
