package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.constraint.Constraint;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.Speculation;
import dev.loquat.testkit.scripted.Script;
import dev.loquat.testkit.scripted.ScriptedBackendProvider;
import dev.loquat.testkit.scripted.StepHook;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Speculation changes how many steps a text takes, and nothing else. */
class SpeculationTest extends StagedModels {
  private static final String PROMPT = "abcdefgh abc";
  private static final int ROUNDS = 20;
  private static final int SIDE_BY_SIDE = 6;

  /** What a result says but for its times and its drafts. */
  private record Outcome(String text, List<Integer> tokens, FinishReason reason) {

    static Outcome of(GenerationResult result) {
      return new Outcome(result.text(), result.tokenIds(), result.finishReason());
    }
  }

  @Test
  void aTextThatRepeatsTakesFewerSteps() throws IOException {
    ScriptedBackendProvider backend = stage(cycle(8), StepHook.none());
    try (Model model = loader().load()) {
      GenerationResult result =
          model.generator().maxNewTokens(100).temperature(0).speculate(16).generate(PROMPT);
      assertThat(result.newTokens()).isEqualTo(100);
      assertThat(backend.log().steps()).isLessThan(20);
      assertThat(result.speculation().acceptedTokens())
          .as("each saves a step")
          .isEqualTo(100 - backend.log().steps());
    }
  }

  @Test
  void noDraftIsMadeUnlessAskedFor() throws IOException {
    ScriptedBackendProvider backend = stage(cycle(8), StepHook.none());
    try (Model model = loader().load()) {
      GenerationResult result = model.generator().maxNewTokens(40).temperature(0).generate(PROMPT);
      assertThat(backend.log().steps()).isEqualTo(40);
      assertThat(result.speculation()).isEqualTo(Speculation.NONE);
    }
  }

  @Test
  void randomTextsAreTheSameAsWithout() throws Exception {
    stage(fickle(), StepHook.none());
    int accepted = 0;
    int wrong = 0;
    try (Model model = loader().batch(3).contextLength(96).prefixCache(0).load()) {
      for (int round = 0; round < ROUNDS; round++) {
        List<GenerationResult> plain = results(model, round, 0);
        List<GenerationResult> speculated = results(model, round, 1 + round);
        assertThat(speculated.stream().map(Outcome::of))
            .as("round %s", round)
            .containsExactlyElementsOf(plain.stream().map(Outcome::of).toList());
        for (GenerationResult result : speculated) {
          accepted += result.speculation().acceptedTokens();
          wrong += result.speculation().draftedTokens() - result.speculation().acceptedTokens();
        }
      }
    }
    assertThat(accepted).as("right drafts").isGreaterThan(200);
    assertThat(wrong).as("wrong drafts").isGreaterThan(200);
  }

  @Test
  void aTextThatGaveUpItsSlotGoesOnTheSame() throws Exception {
    stage(cycle(8), hold(3));
    try (Model model = loader().batch(1).load()) {
      Generator generator = model.generator().maxNewTokens(60).temperature(0);
      TextStream victim = generator.speculate(8).stream(PROMPT);
      reached.await();
      TextStream first = generator.priority(1).stream("xyz");
      release.countDown();
      first.result();
      GenerationResult interrupted = victim.result();
      assertThat(Outcome.of(interrupted)).isEqualTo(Outcome.of(generator.generate(PROMPT)));
    }
  }

  @Test
  void aLoneTextIsGuessedAndOneAmongManyIsNotWhereEveryGuessTakesAPassOfItsOwn()
      throws IOException {
    stage(new RowsApartProvider(new ScriptedBackendProvider(size -> cycle(8), hold(1))));
    try (Model model = loader().batch(8).load()) {
      Generator generator = model.generator().maxNewTokens(60).temperature(0).speculate(16);
      CompletableFuture<List<GenerationResult>> eight =
          generator.generateAsync(Collections.nCopies(8, PROMPT));
      release.countDown();
      List<GenerationResult> many = eight.join();
      assertThat(many).allSatisfy(result -> assertThat(result.newTokens()).isEqualTo(60));
      assertThat(many.stream().mapToInt(result -> result.speculation().draftedTokens()).sum())
          .isLessThan(60);
      assertThat(generator.generate(PROMPT).speculation().acceptedTokens()).isGreaterThan(40);
    }
  }

  @Test
  void constraintsHold() throws IOException {
    stage(fickle(), StepHook.none());
    try (Model model = loader().load()) {
      Generator plain =
          model
              .generator()
              .maxNewTokens(130)
              .temperature(0)
              .constrain(Constraint.regex("(ab|ba|abab){30}c"));
      GenerationResult speculated = plain.speculate(8).generate(PROMPT);
      assertThat(Outcome.of(speculated)).isEqualTo(Outcome.of(plain.generate(PROMPT)));
      assertThat(speculated.text()).matches("(ab|ba|abab){30}c");
      assertThat(speculated.speculation().acceptedTokens()).isPositive();
    }
  }

  @Test
  void refusesALimitOutOfRange() throws IOException {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.generator().speculate(65))
          .withMessage("maxDraftTokens is 65; expected 0 (none) to 64");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> model.generator().speculate(-1))
          .withMessage("maxDraftTokens is -1; expected 0 (none) to 64");
    }
  }

  /** Several at once, so that some wait, some are preempted and some step together. */
  private static List<GenerationResult> results(Model model, int round, int maxDraftTokens) {
    Random random = new Random(round);
    List<TextStream> streams =
        IntStream.range(0, SIDE_BY_SIDE)
            .mapToObj(i -> shaped(model.generator().speculate(maxDraftTokens), random))
            .map(generator -> generator.stream("abab".repeat(1 + random.nextInt(6))))
            .toList();
    return streams.stream().map(TextStream::result).toList();
  }

  private static Generator shaped(Generator generator, Random random) {
    Generator shaped =
        generator
            .maxNewTokens(1 + random.nextInt(120))
            .temperature(random.nextInt(3))
            .topK(20)
            .seed(random.nextLong())
            .repetitionPenalty(random.nextBoolean() ? 1 : 1.1)
            .priority(random.nextInt(3));
    return switch (random.nextInt(3)) {
      case 0 -> shaped.stop("cab", "bbca").includeStop(random.nextBoolean());
      case 1 -> shaped.stopTokens((int) 'd');
      default -> shaped;
    };
  }

  /** Letters that go round, so that every draft is right. */
  private static Script cycle(int length) {
    return tokens -> 'a' + tokens.length % length;
  }

  /** Letters by the last two tokens, but for every ninth: drafts are often right. */
  private static Script fickle() {
    Script checksum = Script.checksum(5);
    return tokens -> {
      int length = tokens.length;
      return length % 9 == 0 || length < 2
          ? 'a' + checksum.next(tokens)
          : 'a' + (tokens[length - 1] * 7 + tokens[length - 2]) % 4;
    };
  }
}
