package dev.loquat.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class StopMatcherTest {

  @Property(tries = 5000)
  void givesTheTextBeforeTheFirstStop(
      @ForAll List<@StringLength(max = 3) @CharRange(from = 'a', to = 'c') String> pieces,
      @ForAll @Size(max = 3)
          List<@StringLength(min = 1, max = 4) @CharRange(from = 'a', to = 'c') String> stops) {
    StopMatcher matcher = new StopMatcher(stops, false);
    StringBuilder text = new StringBuilder();
    StringBuilder seen = new StringBuilder();
    for (String piece : pieces) {
      if (!matcher.isMatched()) {
        seen.append(piece);
        text.append(matcher.accept(piece));
      }
    }
    text.append(matcher.finish());

    assertThat(text.toString()).isEqualTo(beforeFirstStop(seen.toString(), stops));
    assertThat(matcher.isMatched()).isEqualTo(stops.stream().anyMatch(seen.toString()::contains));
  }

  @Property
  void holdsBackOnlyWhatMayBegin(
      @ForAll @StringLength(max = 8) @CharRange(from = 'a', to = 'b') String text,
      @ForAll @IntRange(min = 0, max = 8) int cut) {
    String stop = "abba";
    StopMatcher matcher = new StopMatcher(List.of(stop), false);
    String first = text.substring(0, Math.min(cut, text.length()));
    String given = matcher.accept(first);
    if (!matcher.isMatched()) {
      String held = first.substring(given.length());
      assertThat(stop).startsWith(held);
    }
  }

  @Test
  void letsEverythingThroughWithoutStops() {
    StopMatcher matcher = new StopMatcher(List.of(), false);
    assertThat(matcher.accept("all of it")).isEqualTo("all of it");
  }

  private static String beforeFirstStop(String text, List<String> stops) {
    int first = text.length();
    for (String stop : stops) {
      int index = text.indexOf(stop);
      first = index >= 0 ? Math.min(first, index) : first;
    }
    return text.substring(0, first);
  }
}
