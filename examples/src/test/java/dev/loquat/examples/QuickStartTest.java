package dev.loquat.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class QuickStartTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void forgetSteps() {
    StepWatch.WIDEST_STEP.set(0);
  }

  @Test
  void runsPromptsSideBySideAndAnswersInTheirOrder() {
    assertThat(run("--backend", StepWatch.NAME, "What is Python?", "How does Git work?")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .containsSubsequence(
            "> What is Python?\n", "Python", "[watched on cpu", "> How does Git work?\n", "Git");
    assertThat(StepWatch.WIDEST_STEP).hasValue(2);
  }

  @Test
  void runsPromptsOneAfterAnotherInABatchOfOne() {
    assertThat(run("--backend", StepWatch.NAME, "--batch", "1", "What is Python?", "Hello"))
        .isZero();
    assertThat(StepWatch.WIDEST_STEP).hasValue(1);
  }

  @Test
  void takesOptionsBehindThePrompts() {
    assertThat(run("What is Python?", "Hello", "--backend", StepWatch.NAME, "--batch", "1"))
        .isZero();
    assertThat(StepWatch.WIDEST_STEP).hasValue(1);
  }

  @Test
  void tellsAMistakenOptionBehindThePrompts() {
    assertThat(run("What is Python?", "--bach", "2")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString().lines()).containsExactly("Unknown option: '--bach'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--batch=0 | Invalid value for option '--batch': '0'; expected a whole number, 1 or more",
        "--max-new-tokens=x"
            + "| Invalid value for option '--max-new-tokens': 'x'; expected a whole number, 1 or more",
        "--device=tpu"
            + "| Invalid value for option '--device': 'tpu' is no device; expected cpu, cuda:N, rocm:N"
            + " or mps",
        "--bach=1 | Unknown option: '--bach=1'",
      })
  void tellsAMistakenOptionInOneLine(String option, String expected) {
    assertThat(run(option, "What is Python?")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString().lines()).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--model=no/such/folder | no/such/folder",
        "--model=classpath:no/such/model | no/such/model",
        "--backend=llama | llama",
        "--device=cuda:7 | cuda:7",
      })
  void tellsWhatCanNotRunInOneLine(String option, String named) {
    assertThat(run(option, "What is Python?")).isEqualTo(CommandLine.ExitCode.SOFTWARE);
    assertThat(err.toString().lines()).singleElement().asString().contains(named);
  }

  private int run(String... args) {
    try (PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8)) {
      return ShortErrors.commandLine(new QuickStart(printed))
          .setErr(new PrintWriter(err, true))
          .execute(args);
    }
  }
}
