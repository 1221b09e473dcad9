package dev.loquat.benchmarks.speculation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.GenerationTimings;
import dev.loquat.generation.Speculation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TaskTimesTest {
  private final TaskTimes times = new TaskTimes();

  @Test
  void dividesTheMedians() {
    times.add(result(9, 4, 5), result(3, 4, 5));
    times.add(result(8, 4, 5), result(4, 4, 5));
    times.add(result(100, 4, 5), result(1, 4, 5));
    ObjectNode figures = new JsonMapper().createObjectNode();
    times.writeTo(figures);
    assertThat(figures.get("ratio").asDouble()).isEqualTo(3);
    assertThat(figures.get("draftedTokens").asInt()).isEqualTo(7);
    assertThat(figures.get("sameTokens").asBoolean()).isTrue();
  }

  @Test
  void noticesAnotherText() {
    times.add(result(9, 4, 5), result(3, 4, 5));
    times.add(result(9, 4, 5), result(3, 4, 6));
    assertThat(times.sameTokens()).isFalse();
  }

  private static GenerationResult result(int seconds, Integer... tokens) {
    Duration total = Duration.ofSeconds(seconds);
    return new GenerationResult(
        "",
        List.of(tokens),
        List.of(),
        FinishReason.END_TOKEN,
        3,
        0,
        new Speculation(7, 2),
        new GenerationTimings(total, total, Optional.of(total), total, tokens.length));
  }
}
