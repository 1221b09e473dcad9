package dev.loquat.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.loquat.benchmarks.load.Observation.Ending;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TallyTest {
  private final Tally tally = new Tally();

  @Test
  void countsEndsAndWhatIsMissing() {
    tally.add(ended(3, List.of()));
    tally.add(ended(4, List.of()));
    tally.add(Observation.CANCELLED);
    tally.add(Observation.FAILED);
    JsonNode figures = tally.figures(6, 2);
    assertThat(figures.get("ended").asInt()).isEqualTo(2);
    assertThat(figures.get("cancelled").asInt()).isEqualTo(1);
    assertThat(figures.get("failed").asInt()).isEqualTo(1);
    assertThat(figures.get("lost").asInt()).isEqualTo(2);
    assertThat(figures.get("tokensPerSecond").asDouble()).isEqualTo(3.5);
  }

  @Test
  void givesTheTimeThatSoManyPercentDoNotExceed() {
    List<Long> gaps = LongStream.rangeClosed(1, 200).map(i -> i * 1_000_000_000L).boxed().toList();
    tally.add(ended(0, gaps.subList(100, 200)));
    tally.add(ended(0, gaps.subList(0, 100)));
    JsonNode figures = tally.figures(2, 1);
    assertThat(figures.get("interTokenP50").asDouble()).isEqualTo(100);
    assertThat(figures.get("interTokenP99").asDouble()).isEqualTo(198);
    assertThat(figures.get("firstTokenP50").asDouble()).as("there are none").isEqualTo(-1);
  }

  private static Observation ended(int newTokens, List<Long> gapNanos) {
    return new Observation(Ending.ENDED, newTokens, List.of(), gapNanos);
  }
}
