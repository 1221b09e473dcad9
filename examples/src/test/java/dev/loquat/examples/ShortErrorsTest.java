package dev.loquat.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.Loquat;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Examples that take a model and nothing else. */
class ShortErrorsTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final PrintStream before = System.err;
  private final List<String> models = new ArrayList<>();

  @BeforeEach
  void catchErrors() {
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void letErrorsGo() {
    System.setErr(before);
  }

  private int run(String... args) {
    return ModelExample.run(args, Loquat.TINY_MODEL, models::add);
  }

  @Test
  void givesTheModelToTheExample() {
    assertThat(run()).isZero();
    assertThat(run("some/folder")).isZero();
    assertThat(models).containsExactly(Loquat.TINY_MODEL, "some/folder");
  }

  @Test
  void tellsAMistakenOptionInOneLine() {
    assertThat(run("--modle", "x")).isEqualTo(2);
    assertThat(lines()).singleElement().asString().startsWith("Unknown option");
  }

  @Test
  void tellsAMissingFolderInOneLine() {
    int status =
        ModelExample.run(
            new String[] {"no/such/folder"},
            Loquat.TINY_MODEL,
            source -> Loquat.model(source).load().close());
    assertThat(status).isEqualTo(1);
    assertThat(lines()).singleElement().asString().contains("no/such/folder");
  }

  private List<String> lines() {
    return err.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
