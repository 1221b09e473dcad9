package dev.loquat.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.generation.Speculation;
import dev.loquat.generation.TokenHistory;
import org.junit.jupiter.api.Test;

class SpeculatorTest {
  private static final int ROOM = 100;

  private final Speculator speculator = new Speculator((history, limit) -> new int[limit], 12);

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
  void draftsNoMoreThanThereIsRoomFor() {
    assertThat(speculator.draft(new OneToken(), 2)).hasSize(2);
    assertThat(speculator.draft(new OneToken(), 0)).isEmpty();
    assertThat(speculator.draft(new OneToken(), -1)).isEmpty();
  }

  @Test
  void draftsNothingWhereItIsSwitchedOff() {
    Speculator off = new Speculator((history, limit) -> new int[limit], 0);
    assertThat(off.draft(new OneToken(), ROOM)).isEmpty();
    off.note(0, 0);
    assertThat(off.summary()).isEqualTo(Speculation.NONE);
  }

  private int draftedWith(int right) {
    int drafted = speculator.draft(new OneToken(), ROOM).length;
    speculator.note(drafted, right);
    return drafted;
  }

  private record OneToken() implements TokenHistory {

    @Override
    public int length() {
      return 1;
    }

    @Override
    public int promptLength() {
      return 1;
    }

    @Override
    public int token(int index) {
      return 0;
    }
  }
}
