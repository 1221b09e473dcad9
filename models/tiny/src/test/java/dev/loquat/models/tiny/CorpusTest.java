package dev.loquat.models.tiny;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.generation.GenerationResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Whether the model answers what its corpus teaches, word for word. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CorpusTest {
  private static final String NOTHING_ELSE = "nothing else";

  private Corpus corpus;
  private Model model;

  @BeforeAll
  void open() throws IOException {
    corpus = Corpus.read();
    model = Loquat.model(Loquat.TINY_MODEL).backend("onnx").batch(32).load();
  }

  @AfterAll
  void close() {
    model.close();
  }

  @Test
  void hasHundredsOfQuestionsInSeveralWordings() {
    assertThat(corpus.blocks()).hasSizeGreaterThanOrEqualTo(300);
    assertThat(corpus.blocks())
        .allSatisfy(block -> assertThat(block.trained()).hasSizeGreaterThan(2));
  }

  @Test
  void answersTrainedWordings() {
    assertThat(shareAnswered(Corpus.Block::trained)).isGreaterThan(0.99);
  }

  @Test
  void answersMostWordingsThatWereHeldOut() {
    assertThat(shareAnswered(Corpus.Block::heldOut)).isGreaterThan(0.85);
  }

  @Test
  void saysOfASubjectItWasNotTaughtThatItKnowsNothingElse() {
    assertThat(model.generator().chat("What is the capital of Peru?").text())
        .contains(NOTHING_ELSE);
  }

  private double shareAnswered(Function<Corpus.Block, List<String>> wordings) {
    List<String> questions = new ArrayList<>();
    List<String> answers = new ArrayList<>();
    for (Corpus.Block block : corpus.blocks()) {
      for (String question : wordings.apply(block)) {
        questions.add(question);
        answers.add("\n" + block.answer());
      }
    }
    List<String> texts =
        model.generator().generate(questions).stream().map(GenerationResult::text).toList();
    long equal =
        IntStream.range(0, texts.size()).filter(i -> texts.get(i).equals(answers.get(i))).count();
    return (double) equal / texts.size();
  }
}
