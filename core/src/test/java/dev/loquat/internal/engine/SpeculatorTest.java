package dev.loquat.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.generation.DraftSource;
import dev.loquat.generation.Speculation;
import dev.loquat.generation.SpeculationOptions;
import dev.loquat.generation.StopRules;
import dev.loquat.internal.scheduler.Demand;
import dev.loquat.internal.scheduler.Sequence;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpeculatorTest {
  private static final int ROOM = 100;

  private final Speculator speculator = speculator(12, ROOM);

  @Test
  void draftsTwiceAsMuchWhereAllWasRightAndLittleWhereItWasWrong() {
    assertThat(draftedWith(4)).isEqualTo(4);
    assertThat(draftedWith(8)).isEqualTo(8);
    assertThat(draftedWith(5)).as("at most 12").isEqualTo(12);
    assertThat(draftedWith(0)).isEqualTo(6);
    assertThat(draftedWith(1)).isEqualTo(1);
    assertThat(draftedWith(2)).isEqualTo(2);
    assertThat(speculator.summary()).isEqualTo(new Speculation(33, 20));
  }

  @Test
  void draftsNoMoreThanThereIsRoomForBeforeTheNextToken() {
    assertThat(speculator(12, 3).request().limit()).isEqualTo(2);
    assertThat(speculator(12, 1).wants(1)).isFalse();
  }

  @Test
  void draftsNothingWhereItIsSwitchedOff() {
    Speculator off = speculator(0, ROOM);
    assertThat(off.wants(1)).isFalse();
    off.note(0, 0);
    assertThat(off.summary()).isEqualTo(Speculation.NONE);
  }

  @Test
  void draftsNothingOnceItGaveUp() {
    speculator.giveUp();
    speculator.note(4, 4);
    assertThat(speculator.wants(1)).isFalse();
    assertThat(speculator.summary()).isEqualTo(new Speculation(4, 4));
  }

  @Test
  void draftsNothingThatWouldHaveToBeRightForLongerThanTheLastWas() {
    assertThat(speculator.wants(4)).isTrue();
    assertThat(speculator.wants(5)).isFalse();
    draftedWith(1);
    assertThat(speculator.wants(2)).isTrue();
    assertThat(speculator.wants(3)).isFalse();
  }

  private int draftedWith(int right) {
    int drafted = speculator.request().limit();
    speculator.note(drafted, right);
    return drafted;
  }

  private static Speculator speculator(int maxDraftTokens, int newTokens) {
    Sequence sequence = new Sequence(new int[] {0}, Demand.ORDINARY);
    return new Speculator(
        new SpeculationOptions(DraftSource.PROMPT_LOOKUP, maxDraftTokens),
        sequence,
        new SequenceHistory(sequence, List.of()),
        new TextLimits(Set.of(), StopRules.NONE, newTokens, 1000));
  }
}
