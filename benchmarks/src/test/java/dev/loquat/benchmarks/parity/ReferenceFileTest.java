package dev.loquat.benchmarks.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceFileTest {
  @TempDir Path folder;

  @Test
  void readsLogProbabilities() throws IOException {
    Path file =
        write("{'ids': [7], 'nextLogprob': [], 'top': [[[3, -0.5], [4, -1.5]]], 'text': 'a'}");
    assertThat(ReferenceFile.read(file))
        .isEqualTo(
            List.of(
                new LogProbCase(
                    List.of(7),
                    List.of(),
                    List.of(List.of(new TokenLogProb(3, -0.5), new TokenLogProb(4, -1.5))))));
  }

  @Test
  void tellsAFamilyFromAGreedyContinuation() throws IOException {
    Path family =
        write(
            "{'ids': [1], 'lastLogits': [0.5], 'argmax': [0], 'logprobOfNext': [], 'greedy': [0],"
                + " 'gap': [1.0]}");
    assertThat(ReferenceFile.read(family)).first().isInstanceOf(FamilyCase.class);
    Path greedy = write("{'promptIds': [1], 'ids': [2], 'logprob': [-0.1], 'gap': [1.0]}");
    assertThat(ReferenceFile.read(greedy)).first().isInstanceOf(GreedyCase.class);
  }

  @Test
  void readsSamplingWithTheLogitsOfAllCases() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("sampling.json"),
            "{\"logits\": [0.5, 1], \"context\": [1], \"cases\": [{\"filters\": {\"topK\": 1},"
                + " \"p\": [0, 1]}]}");
    assertThat(ReferenceFile.read(file))
        .isEqualTo(
            List.of(
                new SamplingCase(
                    List.of(0.5, 1.0), List.of(1), Map.of("topK", 1.0), List.of(0.0, 1.0))));
  }

  @Test
  void readsBeamSearch() throws IOException {
    Path file =
        write(
            "{'promptIds': [1], 'numBeams': 4, 'lengthPenalty': 1.0, 'maxNewTokens': 24,"
                + " 'sequences': [{'ids': [7, 2], 'score': -0.5}]}");
    assertThat(ReferenceFile.read(file))
        .isEqualTo(
            List.of(
                new BeamCase(List.of(1), 4, 1, 24, List.of(new BeamText(List.of(7, 2), -0.5)))));
  }

  @Test
  void refusesAFileWithoutCases() throws IOException {
    Path file = write("");
    assertThatThrownBy(() -> ReferenceFile.read(file)).hasMessageContaining("has no cases");
  }

  @Test
  void namesTheCaseThatLacksAField() throws IOException {
    Path file = write("{'promptIds': [1], 'ids': [2], 'gap': [1.0]}");
    assertThatThrownBy(() -> ReferenceFile.read(file))
        .hasMessageContaining("Case 1 of")
        .hasMessageContaining("logprob");
  }

  private Path write(String cases) throws IOException {
    String json = "{\"cases\": [" + cases.replace('\'', '"') + "]}";
    return Files.writeString(folder.resolve("reference.json"), json);
  }
}
