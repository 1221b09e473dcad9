package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import dev.loquat.device.Precision;
import dev.loquat.testkit.TransformersModel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DjlSessionTest {
  private static final float TOLERANCE = 1e-4f;
  private static Backend backend;
  private DecoderSession session;

  @BeforeAll
  static void open() {
    backend = Fixtures.open(Fixtures.folder(TransformersModel.LLAMA3_ROPE), Precision.FP32);
  }

  @AfterAll
  static void close() {
    backend.close();
  }

  @BeforeEach
  void openSession() {
    session = backend.openSession(new CacheLayout(4, 256));
  }

  @AfterEach
  void closeSession() {
    session.close();
  }

  @Test
  void rowsDoNotSeeEachOther() {
    float[][] alone = Fixtures.forward(session, Fixtures.row(2, 0, 7, 8, 9));
    float[][] among =
        Fixtures.forward(
            session,
            Fixtures.row(3, 0, tokens(150, 11)),
            Fixtures.row(2, 0, 7, 8, 9),
            Fixtures.row(0, 0, 300));
    assertClose(Arrays.copyOfRange(among, 150, 153), alone);
  }

  @Test
  void prefillAndDecodeRowsTravelInOneBatch() {
    float[][] whole = Fixtures.forward(session, Fixtures.row(0, 0, 1, 2, 3, 4));
    Fixtures.forward(session, Fixtures.row(1, 0, 1, 2, 3));
    float[][] mixed = Fixtures.forward(session, Fixtures.row(2, 0, 1, 2, 3), Fixtures.row(1, 3, 4));
    assertClose(new float[][] {mixed[2], mixed[3]}, new float[][] {whole[2], whole[3]});
  }

  @Test
  void overwritesWhatStoodAtAPositionAndAfter() {
    float[][] expected = Fixtures.forward(session, Fixtures.row(0, 0, 1, 2, 50, 60));
    Fixtures.forward(session, Fixtures.row(1, 0, tokens(40, 3)));
    Fixtures.forward(session, Fixtures.row(1, 0, 1, 2));
    assertClose(
        Fixtures.forward(session, Fixtures.row(1, 2, 50, 60)), Arrays.copyOfRange(expected, 2, 4));
  }

  @Test
  void keepsEarlierPositionsWhenASlotGrows() {
    int[] tokens = tokens(256, 5);
    float[][] atOnce = Fixtures.forward(session, Fixtures.row(0, 0, tokens));
    Fixtures.forward(session, Fixtures.row(1, 0, Arrays.copyOf(tokens, 100)));
    Fixtures.forward(session, Fixtures.row(1, 100, Arrays.copyOfRange(tokens, 100, 255)));
    assertClose(
        Fixtures.forward(session, Fixtures.row(1, 255, tokens[255])), new float[][] {atOnce[255]});
  }

  @Test
  void takesMemoryAsSequencesGrow() {
    long before = backend.allocatedBytes();
    Fixtures.forward(session, new ForwardRow(0, 0, tokens(10, 1), 0));
    long short1 = backend.allocatedBytes() - before;
    Fixtures.forward(session, new ForwardRow(0, 10, tokens(200, 1), 0));
    long long1 = backend.allocatedBytes() - before;
    long tokenBytes = 2L * 3 * 2 * 32 * Float.BYTES;
    assertThat(short1).isEqualTo(128 * tokenBytes);
    assertThat(long1).isEqualTo(256 * tokenBytes);
  }

  @Test
  void copiesTheBeginningOfASlot() {
    float[][] expected = Fixtures.forward(session, Fixtures.row(0, 0, 1, 2, 3, 4));
    session.copySlot(0, 3, 2);
    assertClose(
        Fixtures.forward(session, Fixtures.row(3, 2, 3, 4)), Arrays.copyOfRange(expected, 2, 4));
  }

  @Test
  void refusesToCopyWhatTheLayoutLacks() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> session.copySlot(0, 4, 1))
        .withMessage("slot is 4; the cache has 4 slots, from 0");
    assertThatIllegalArgumentException().isThrownBy(() -> session.copySlot(-1, 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> session.copySlot(0, 1, 257));
  }

  @Test
  void givesLogitsOnlyWhereTheyAreWanted() {
    float[][] all = Fixtures.forward(session, Fixtures.row(0, 0, 1, 2, 3), Fixtures.row(1, 0, 4));
    float[][] some =
        Fixtures.forward(
            session,
            new ForwardRow(0, 0, new int[] {1, 2, 3}, 2),
            new ForwardRow(1, 0, new int[] {4}, 0));
    assertClose(some, Arrays.copyOfRange(all, 1, 3));
    assertThat(Fixtures.forward(session, new ForwardRow(0, 0, new int[] {1}, 0))).isEmpty();
  }

  @Test
  void checksBatchesBeforePyTorchSeesThem() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fixtures.forward(session, Fixtures.row(0, 0, 320)))
        .withMessageContaining("320");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fixtures.forward(session, Fixtures.row(4, 0, 1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fixtures.forward(session, Fixtures.row(0, 256, 1)));
  }

  @Test
  void logitsEndWithTheNextStep() {
    Logits stale = session.forward(new ForwardBatch(List.of(Fixtures.row(0, 0, 1))));
    Fixtures.forward(session, Fixtures.row(0, 1, 2));
    assertThatIllegalStateException().isThrownBy(() -> stale.read(0, new float[320]));
  }

  @Test
  void refusesToReadLogitsThatAreNotThere() {
    Logits logits = session.forward(new ForwardBatch(List.of(Fixtures.row(0, 0, 1))));
    org.assertj.core.api.Assertions.assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> logits.read(1, new float[320]));
    org.assertj.core.api.Assertions.assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> logits.read(0, new float[319]));
  }

  @Test
  void isClosedOnceAndForAll() {
    session.close();
    session.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> Fixtures.forward(session, Fixtures.row(0, 0, 1)));
    assertThatIllegalStateException().isThrownBy(() -> session.copySlot(0, 1, 1));
  }

  private static int[] tokens(int count, int seed) {
    return IntStream.range(0, count).map(i -> (i * 37 + seed) % 320).toArray();
  }

  private static void assertClose(float[][] actual, float[][] expected) {
    assertThat(actual).hasSameDimensionsAs(expected);
    for (int row = 0; row < expected.length; row++) {
      assertThat(actual[row]).containsExactly(expected[row], within(TOLERANCE));
    }
  }
}
