package dev.loquat.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomShapesTest {
  private static final int COUNT = 2000;

  private final List<Way> ways = List.of(new Streamed(), new Published());

  @Test
  void theSameSeedGivesTheSameRequests() {
    assertThat(shapes(7, 20)).isEqualTo(shapes(7, 20)).isNotEqualTo(shapes(8, 20));
  }

  @Test
  void cancelsTheShareAskedFor() {
    long cancelled = shapes(7, 0).stream().filter(shape -> shape.cancelPoint().isPresent()).count();
    assertThat(cancelled / (double) COUNT).isCloseTo(0.1, within(0.02));
  }

  @Test
  void callsInEveryWayAsOftenFromTheFirstRequestsOn() {
    List<Shape> first = shapes(7, 0).subList(0, 200);
    assertThat(first.stream().filter(shape -> shape.way() instanceof Published).count())
        .isBetween(80L, 120L);
  }

  @Test
  void neighboursHavePromptsOfDifferentLength() {
    List<Shape> first = shapes(7, 0).subList(0, 200);
    assertThat(first.stream().map(shape -> shape.prompt().split(" ").length).distinct())
        .hasSizeGreaterThan(25);
  }

  @Test
  void promptsBeginWithTheSharedWords() {
    List<Shape> shapes = shapes(7, 20);
    String prefix = String.join(" ", List.of(shapes.get(0).prompt().split(" ")).subList(0, 20));
    assertThat(shapes).allMatch(shape -> shape.prompt().startsWith(prefix));
    assertThat(shapes)
        .allMatch(shape -> shape.prompt().split(" ").length > 20)
        .allMatch(shape -> shape.prompt().split(" ").length <= 20 + 30);
  }

  private List<Shape> shapes(long seed, int sharedWords) {
    RandomShapes shapes = new RandomShapes(ways, seed, 0.1, 30, 10, sharedWords);
    return IntStream.range(0, COUNT).mapToObj(shapes::shape).toList();
  }
}
