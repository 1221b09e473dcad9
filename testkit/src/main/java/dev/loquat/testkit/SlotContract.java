package dev.loquat.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardRow;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the slots of the cache hold, and what is refused without harm to them. */
abstract class SlotContract extends DrawContract {

  SlotContract() {}

  @Test
  void sparseSlotsWorkLikeNeighbours() throws IOException {
    CheckedSession session = openPlain();
    session.step(
        session.next(0, tokens(10, 1), 1),
        session.next(3, tokens(19, 2), 1),
        session.next(5, tokens(5, 3), 1));
    session.step(decodeRows(session, 4, 0, 3, 5));
    session.step(decodeRows(session, 5, 0, 5));
    session.step(decodeRows(session, 6, 3));
  }

  @Test
  void slotsThatTakeNoPartKeepTheirContents() throws IOException {
    CheckedSession session = openPlain();
    session.append(4, tokens(21, 7), 1);
    for (int step = 0; step < 6; step++) {
      session.step(session.next(3, tokens(5, step), 1), session.next(5, tokens(1, step), 1));
    }
    session.append(4, tokens(3, 8), 3);
  }

  @Test
  void reusedSlotShowsNoTraceOfTheSequenceBefore() throws IOException {
    CheckedSession session = openPlain();
    session.append(2, tokens(60, 9), 1);
    session.step(new ForwardRow(2, 0, tokens(12, 10), 12));
    session.append(2, tokens(1, 11), 1);
  }

  @Test
  void goesOnFromAnEarlierPosition() throws IOException {
    CheckedSession session = openPlain();
    session.append(6, tokens(50, 12), 1);
    session.step(new ForwardRow(6, 20, tokens(4, 13), 4));
    session.step(new ForwardRow(6, 23, tokens(1, 14), 1));
    session.append(6, tokens(9, 15), 9);
  }

  @Test
  void rollsBackOneSequenceWhileAnotherGoesOn() throws IOException {
    CheckedSession session = openPlain();
    session.step(session.next(0, tokens(30, 16), 1), session.next(1, tokens(30, 17), 1));
    session.step(new ForwardRow(0, 11, tokens(6, 18), 6), session.next(1, tokens(6, 19), 6));
  }

  @Test
  void copiedSequenceAndItsSourceGoDifferentWays() throws IOException {
    CheckedSession session = openPlain();
    session.append(1, tokens(20, 20), 1);
    session.copy(1, 4, 20);
    session.step(session.next(1, tokens(5, 21), 5), session.next(4, tokens(7, 22), 7));
    session.step(decodeRows(session, 23, 4, 1));
  }

  @Test
  void copyTakesABeginningAndReplacesALongerSequence() throws IOException {
    CheckedSession session = openPlain();
    session.step(session.next(0, tokens(20, 24), 1), session.next(7, tokens(40, 25), 1));
    session.copy(0, 7, 13);
    session.append(7, tokens(5, 26), 5);
    session.append(0, tokens(1, 27), 1);
  }

  @Test
  void copyOutlivesItsSource() throws IOException {
    CheckedSession session = openPlain();
    session.append(5, tokens(16, 28), 1);
    session.copy(5, 0, 16);
    session.step(new ForwardRow(5, 0, tokens(30, 29), 1));
    session.append(0, tokens(4, 30), 4);
  }

  @Test
  void copyIntoANeverUsedSlotNeedsNoRoomMadeBefore() throws IOException {
    CheckedSession session = openPlain();
    session.append(0, tokens(CONTEXT - 1, 31), 1);
    session.copy(0, 7, CONTEXT - 1);
    session.append(7, tokens(1, 32), 1);
  }

  @ParameterizedTest
  @CsvSource({"-1, 0, 1", "8, 0, 1", "0, -1, 1", "0, 8, 1", "0, 1, -1", "0, 1, 97"})
  void refusesToCopyWhatTheLayoutDoesNotHave(int from, int to, int tokens) throws IOException {
    CheckedSession checked = openPlain();
    checked.step(checked.next(0, tokens(9, 33), 1), checked.next(1, tokens(9, 34), 1));
    DecoderSession session = checked.session();
    assertThatThrownBy(() -> session.copySlot(from, to, tokens))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .isNotBlank();
    checked.step(decodeRows(checked, 35, 0, 1));
  }

  @Test
  void refusesASlotThatTheLayoutDoesNotHave() throws IOException {
    refusesWithoutHarm(new ForwardRow(LAYOUT.slots(), 0, tokens(3, 36), 1));
  }

  @Test
  void refusesOneTokenBeyondTheContextLength() throws IOException {
    refusesWithoutHarm(new ForwardRow(1, 0, tokens(CONTEXT + 1, 37), 1));
    refusesWithoutHarm(new ForwardRow(1, CONTEXT, tokens(1, 38), 1));
    refusesWithoutHarm(new ForwardRow(1, Integer.MAX_VALUE, tokens(1, 38), 1));
  }

  @ParameterizedTest
  @CsvSource({"-1", "272", "2147483647", "-2147483648"})
  void refusesATokenOutsideTheVocabulary(int token) throws IOException {
    refusesWithoutHarm(new ForwardRow(1, 0, new int[] {3, token, 4}, 1));
  }

  /** Refuses the row, alone and beside a good one; an uninvolved slot and a fresh one go on. */
  private void refusesWithoutHarm(ForwardRow row) throws IOException {
    CheckedSession session = openPlain();
    session.append(3, tokens(10, 39), 1);
    session.refuses(row);
    session.refuses(new ForwardRow(0, 0, tokens(5, 40), 1), row);
    session.append(3, tokens(1, 41), 1);
    session.step(new ForwardRow(0, 0, tokens(6, 42), 6), new ForwardRow(1, 0, tokens(2, 43), 2));
  }
}
