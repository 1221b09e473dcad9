package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.TextStream;
import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendException;
import dev.loquat.error.UnsupportedModelException;
import dev.loquat.generation.DraftSource;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.Speculation;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.StepReport;
import dev.loquat.testkit.mutation.ProviderDecorator;
import dev.loquat.testkit.scripted.Script;
import dev.loquat.testkit.scripted.ScriptedBackendProvider;
import dev.loquat.testkit.scripted.StepHook;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A draft model changes how many steps the model takes for a text, and nothing else. */
class DraftModelTest extends StagedModels {
  private static final String PROMPT = "Once upon a time";
  private static final int ROUNDS = 15;
  private static final int SIDE_BY_SIDE = 6;
  private static final long SLOW_NANOS = 5_000_000;

  private final List<RuntimeException> failures = Collections.synchronizedList(new ArrayList<>());
  private final List<StepReport> steps = Collections.synchronizedList(new ArrayList<>());

  private ScriptedBackendProvider backend = new ScriptedBackendProvider();
  private ScriptedBackendProvider draft = new ScriptedBackendProvider();

  @Test
  void aDraftModelThatIsAlwaysRightSavesMostSteps() throws IOException {
    stage(Script.checksum(200), Script.checksum(200), StepHook.none());
    try (Model model = withDraft().load()) {
      GenerationResult result = speculating(model, 8).maxNewTokens(100).generate(PROMPT);
      assertThat(result.tokenIds()).isEqualTo(tokensAfter(PROMPT, 100));
      assertThat(backend.log().steps()).isLessThan(20);
      assertThat(result.speculation())
          .isEqualTo(new Speculation(100 - backend.log().steps(), 100 - backend.log().steps()));
    }
  }

  @Test
  void eachDraftTokenCostsTheDraftModelOneStepAndNothingIsComputedTwice() throws IOException {
    stage(Script.checksum(200), Script.checksum(200), StepHook.none());
    try (Model model = withDraft().load()) {
      GenerationResult result = speculating(model, 8).maxNewTokens(100).generate(PROMPT);
      assertThat(draft.log().steps()).isEqualTo(result.speculation().draftedTokens());
      assertThat(draft.log().tokens()).isLessThanOrEqualTo(PROMPT.length() + 100);
    }
  }

  @Test
  void aDraftModelThatIsNeverRightChangesNothing() throws IOException {
    stage(Script.checksum(200), tokens -> 201, StepHook.none());
    try (Model model = withDraft().load()) {
      GenerationResult result = speculating(model, 8).maxNewTokens(50).generate(PROMPT);
      assertThat(result.tokenIds()).isEqualTo(tokensAfter(PROMPT, 50));
      assertThat(result.speculation().acceptedTokens()).isZero();
      assertThat(result.speculation().draftedTokens()).isPositive();
    }
  }

  /** Some wait, some are preempted, some step together; the draft model's context is shorter. */
  @Test
  void randomTextsAreTheSameAsWithout() throws IOException {
    stage(Script.checksum(200), wrongAtEvery(5), StepHook.none());
    int accepted = 0;
    int wrong = 0;
    try (Model model = withDraft(80).batch(3).contextLength(96).stepTokens(8).load()) {
      for (int round = 0; round < ROUNDS; round++) {
        List<GenerationResult> plain = results(model.generator(), round);
        List<GenerationResult> speculated = results(speculating(model, 1 + round), round);
        assertThat(speculated.stream().map(GenerationResult::tokenIds))
            .as("round %s", round)
            .containsExactlyElementsOf(plain.stream().map(GenerationResult::tokenIds).toList());
        for (GenerationResult result : speculated) {
          accepted += result.speculation().acceptedTokens();
          wrong += result.speculation().draftedTokens() - result.speculation().acceptedTokens();
        }
      }
    }
    assertThat(accepted).as("right drafts").isGreaterThan(200);
    assertThat(wrong).as("wrong drafts").isGreaterThan(200);
    assertThat(draft.log().batches())
        .as("drafts of several sequences in one step")
        .anyMatch(batch -> batch.rows().size() > 1);
  }

  @Test
  void aTextThatGaveUpItsSlotGoesOnWithRightDrafts() throws Exception {
    stage(Script.checksum(200), Script.checksum(200), hold(3));
    try (Model model = withDraft().batch(1).load()) {
      Generator generator = speculating(model, 4).maxNewTokens(60);
      TextStream victim = generator.stream(PROMPT);
      reached.await();
      TextStream first = generator.priority(1).stream("xyz");
      release.countDown();
      assertThat(first.result().tokenIds()).isEqualTo(tokensAfter("xyz", 60));
      assertThat(victim.result().tokenIds()).isEqualTo(tokensAfter(PROMPT, 60));
      assertThat(victim.result().speculation().acceptedTokens())
          .isGreaterThan(30)
          .isEqualTo(victim.result().speculation().draftedTokens());
    }
  }

  @Test
  void aLongPromptReachesTheDraftModelInChunks() throws IOException {
    stage(Script.checksum(200), Script.checksum(200), StepHook.none());
    String prompt = "a".repeat(500);
    try (Model model = withDraft().stepTokens(100).load()) {
      GenerationResult result = speculating(model, 8).maxNewTokens(60).generate(prompt);
      assertThat(result.tokenIds()).isEqualTo(tokensAfter(prompt, 60));
      assertThat(result.speculation().acceptedTokens()).isPositive();
    }
    assertThat(draft.log().batches())
        .allMatch(batch -> batch.rows().stream().allMatch(row -> row.length() <= 100));
  }

  @Test
  void aBeginningThatAnotherSlotHoldsIsCopied() throws Exception {
    stage(Script.checksum(200), Script.checksum(200), hold(3));
    String prompt = "a".repeat(200);
    try (Model model = withDraft().batch(2).load()) {
      Generator generator = speculating(model, 8).maxNewTokens(60);
      TextStream first = generator.stream(prompt);
      reached.await();
      TextStream second = generator.stream(prompt);
      release.countDown();
      assertThat(first.result().tokenIds()).isEqualTo(tokensAfter(prompt, 60));
      assertThat(second.result().tokenIds()).isEqualTo(tokensAfter(prompt, 60));
    }
    assertThat(draft.log().copies()).singleElement().matches(copy -> copy.tokens() == 200);
  }

  @Test
  void theTimeOfDraftsIsPartOfTheirStep() throws IOException {
    StepHook slow = (step, batch) -> computeFor(SLOW_NANOS);
    stage(Script.checksum(200), Script.checksum(200), StepHook.none(), slow);
    try (Model model = withDraft().load()) {
      speculating(model, 8).maxNewTokens(30).generate(PROMPT);
    }
    long nanos = steps.stream().mapToLong(step -> step.duration().toNanos()).sum();
    assertThat(nanos).isGreaterThanOrEqualTo(draft.log().steps() * SLOW_NANOS);
  }

  private static void computeFor(long nanos) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanos) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aDraftModelThatFailsLeavesTheTextAsItIs() throws IOException {
    stage(Script.checksum(200), Script.checksum(200), StepHook.none(), StepHook.failAt(5));
    try (Model model = withDraft().load()) {
      GenerationResult result = speculating(model, 4).maxNewTokens(40).generate(PROMPT);
      assertThat(result.tokenIds()).isEqualTo(tokensAfter(PROMPT, 40));
      assertThat(draft.log().steps()).as("no draft after the failure").isEqualTo(5);
      assertThat(failures)
          .singleElement()
          .isInstanceOf(BackendException.class)
          .extracting(Throwable::getMessage)
          .isEqualTo("Step 5 fails, as the test asked for.");
      assertThat(speculating(model, 4).generate(PROMPT).speculation().acceptedTokens())
          .as("another text is drafted for again")
          .isPositive();
    }
  }

  @Test
  void whatAFailedStepWroteIsNotTakenForWhatASlotHeld() throws IOException {
    stage(
        Script.checksum(200),
        Script.checksum(200),
        StepHook.none(),
        (step, batch) -> {
          if (step == 5) {
            throw new LinkageError("A symbol is missing, as the test asked for");
          }
        });
    try (Model model = withDraft().batch(1).load()) {
      speculating(model, 4).maxNewTokens(40).generate(PROMPT);
      assertThat(failures).singleElement().isInstanceOf(BackendException.class);
      speculating(model, 4).maxNewTokens(40).generate(PROMPT);
      assertThat(draft.log().batches().get(5).rows().get(0).firstPosition())
          .as("where the slot's next sequence begins")
          .isZero();
    }
  }

  @Test
  void onlyTheTextWhoseDraftsFailIsDraftedForNoMore() throws Exception {
    stage(
        Script.checksum(200),
        Script.checksum(200),
        hold(1),
        (step, batch) -> {
          if (batch.rows().stream()
              .anyMatch(row -> row.firstPosition() == 0 && row.token(0) == '!')) {
            throw new BackendException("'!' can't be drafted for.");
          }
        });
    try (Model model = withDraft().batch(2).load()) {
      Generator generator = speculating(model, 4).maxNewTokens(40);
      TextStream guilty = generator.stream("!");
      TextStream other = generator.stream("o");
      reached.await();
      release.countDown();
      assertThat(guilty.result().tokenIds()).isEqualTo(tokensAfter("!", 40));
      assertThat(guilty.result().speculation()).isEqualTo(Speculation.NONE);
      assertThat(other.result().tokenIds()).isEqualTo(tokensAfter("o", 40));
      assertThat(other.result().speculation().acceptedTokens()).isPositive();
      assertThat(failures).hasSize(1);
    }
  }

  @Test
  void countsInMemoryAndIsClosedWithTheModel() throws IOException {
    stage(Script.checksum(200), Script.checksum(200), StepHook.none());
    Model model = withDraft().load();
    long alone = deviceBytesAlone();
    assertThat(deviceBytes(model)).as("a vocabulary each").isEqualTo(2 * alone);
    assertThat(draft.log().openSessions()).isOne();
    model.close();
    assertThat(draft.log().openSessions()).isZero();
    assertThat(draft.log().openBackends()).isZero();
    assertThat(backend.log().openBackends()).isZero();
  }

  @Test
  void isClosedWhereTheModelFailsToLoad() throws IOException {
    stage(Script.checksum(200), Script.checksum(200), StepHook.none());
    stage(
        new ModelWithDraft(
            new ProviderDecorator() {
              @Override
              public Backend open(Checkpoint checkpoint, BackendOptions options) {
                throw new BackendException("no room");
              }
            },
            draft));
    ModelLoader loader = withDraft();
    assertThatThrownBy(loader::load).hasMessage("no room");
    assertThat(draft.log().openBackends()).isZero();
  }

  @Test
  void refusesADraftModelOfAnotherVocabulary() throws IOException {
    stage(Script.checksum(200), Script.checksum(200), StepHook.none());
    Path other = draftFolder(CONTEXT);
    Path tokenizer = other.resolve("tokenizer.json");
    String json = Files.readString(tokenizer);
    assertThat(json).contains("\"Q\" :");
    Files.writeString(tokenizer, json.replace("\"Q\" :", "\"QQ\" :"));
    ModelLoader loader = loader().draftModel(other);
    assertThatThrownBy(loader::load)
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll(
            other.toString(), "token " + (int) 'Q' + " is 'QQ', in the model 'Q'");
    assertThat(draft.log().openBackends()).isZero();
  }

  @Test
  void refusesADraftModelThatTheBackendCannotRun() throws IOException {
    backend = new ScriptedBackendProvider();
    stage(
        new ModelWithDraft(
            backend,
            new ProviderDecorator() {
              @Override
              public Support supports(ModelConfig model, Device device, Precision precision) {
                return Support.no("It has too many layers");
              }
            }));
    ModelLoader loader = withDraft();
    assertThatThrownBy(loader::load)
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("can't run beside the model: It has too many layers");
  }

  @Test
  void refusesToSpeculateWithoutOne() throws IOException {
    stage(StepHook.none());
    try (Model model = loader().load()) {
      Generator generator = speculating(model, 8);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> generator.generate(PROMPT))
          .withMessage(
              "speculate(DRAFT_MODEL, 8) needs a draft model, but this model was loaded without"
                  + " one. Load it with draftModel(source), or use PROMPT_LOOKUP.");
    }
  }

  private void stage(Script script, Script drafts, StepHook hook) {
    stage(script, drafts, hook, StepHook.none());
  }

  private void stage(Script script, Script drafts, StepHook hook, StepHook draftHook) {
    backend = new ScriptedBackendProvider(size -> script, hook);
    draft = new ScriptedBackendProvider(size -> drafts, draftHook);
    stage(new ModelWithDraft(backend, draft));
  }

  private ModelLoader withDraft() throws IOException {
    return withDraft(CONTEXT);
  }

  private ModelLoader withDraft(int draftContext) throws IOException {
    EngineListener listener =
        new EngineListener() {
          @Override
          public void onStep(StepReport step) {
            steps.add(step);
          }

          @Override
          public void onDraftFailure(RuntimeException cause) {
            failures.add(cause);
          }
        };
    return loader().draftModel(draftFolder(draftContext)).prefixCache(0).onEvents(listener);
  }

  private Path draftFolder(int context) throws IOException {
    return TinyCheckpoint.llama()
        .layers(ModelWithDraft.DRAFT_LAYERS)
        .contextLength(context)
        .writeTo(Files.createDirectories(folder.resolve("draft")));
  }

  private static Generator speculating(Model model, int maxDraftTokens) {
    return model.generator().temperature(0).speculate(DraftSource.DRAFT_MODEL, maxDraftTokens);
  }

  private static List<GenerationResult> results(Generator generator, int round) {
    Random random = new Random(round);
    Function<Integer, TextStream> start =
        i ->
            generator
                .maxNewTokens(1 + random.nextInt(90))
                .temperature(random.nextInt(3))
                .topK(20)
                .seed(random.nextLong())
                .priority(random.nextInt(3))
                .stream("ab".repeat(1 + random.nextInt(20)));
    return IntStream.range(0, SIDE_BY_SIDE).boxed().map(start).toList().stream()
        .map(TextStream::result)
        .toList();
  }

  private long deviceBytesAlone() throws IOException {
    try (Model alone = loader().load()) {
      return deviceBytes(alone);
    }
  }

  private static long deviceBytes(Model model) {
    return model.memory().at(MemoryPhase.AFTER_LOAD).orElseThrow().deviceBytes();
  }

  private static Script wrongAtEvery(int length) {
    Script right = Script.checksum(200);
    return tokens -> tokens.length % length == 0 ? 'x' : right.next(tokens);
  }

  /** What follows a prompt by the script alone. */
  private static List<Integer> tokensAfter(String prompt, int count) {
    List<Integer> all = new ArrayList<>(IntStream.of(bytes(prompt)).boxed().toList());
    for (int i = 0; i < count; i++) {
      int[] tokens = all.stream().mapToInt(Integer::intValue).toArray();
      all.add(Script.checksum(200).next(tokens));
    }
    return all.subList(bytes(prompt).length, all.size());
  }
}
