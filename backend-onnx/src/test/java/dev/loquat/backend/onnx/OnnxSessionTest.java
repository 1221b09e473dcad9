package dev.loquat.backend.onnx;

import static dev.loquat.backend.onnx.Steps.forward;
import static dev.loquat.backend.onnx.Steps.last;
import static dev.loquat.backend.onnx.Steps.row;
import static dev.loquat.backend.onnx.Steps.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Slots: what shares a step must compute what it computes alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OnnxSessionTest {
  static final int VOCABULARY = 64;

  private Backend backend;
  private DecoderSession session;
  private long allocated;
  private int handles;

  /** How runs reach the runtime. */
  RunMode mode() {
    return RunMode.AUTO;
  }

  Device device() {
    return Device.cpu();
  }

  Precision precision() {
    return Precision.FP32;
  }

  /** How far logits of the same tokens may be apart. */
  float tolerance() {
    return 2e-5f;
  }

  @BeforeAll
  void load(@TempDir Path folder) {
    handles = openHandles();
    backend =
        new OnnxBackendProvider(mode())
            .open(
                RandomCheckpoint.write(RandomCheckpoint.model(3, true, 0), folder),
                new BackendOptions(device(), precision(), 2));
  }

  @AfterAll
  void unload() {
    backend.close();
    assertThat(openHandles()).as("native objects left open").isEqualTo(handles);
  }

  final Backend backend() {
    return backend;
  }

  final DecoderSession session() {
    return session;
  }

  private static int openHandles() {
    return Runtimes.nativeRuntime().orElseThrow().openHandles();
  }

  @BeforeEach
  void open() {
    allocated = backend.allocatedBytes();
    session = backend.openSession(new CacheLayout(12, 2048));
  }

  @AfterEach
  void close() {
    session.close();
    assertThat(backend.allocatedBytes()).as("bytes left allocated").isEqualTo(allocated);
  }

  @Test
  void decodesRaggedRowsOfOneStepAsAlone() {
    int[] lengths = {1, 7, 30, 2, 300};
    List<ForwardRow> rows = new ArrayList<>();
    float[][] alone = new float[lengths.length][];
    for (int i = 0; i < lengths.length; i++) {
      int[] tokens = tokens(lengths[i] + 1, i, VOCABULARY);
      alone[i] = last(session, 11, tokens);
      last(session, i, Arrays.copyOf(tokens, lengths[i]));
      rows.add(row(i, lengths[i], tokens[lengths[i]]));
    }
    assertRows(forward(session, rows.toArray(ForwardRow[]::new)), alone);
  }

  @Test
  void decodesSlotsInAnyOrderAndWithGapsLeavingOthersAlone() {
    for (int slot = 0; slot < 12; slot++) {
      last(session, slot, tokens(5 + slot, slot, VOCABULARY));
    }
    float[][] picked = forward(session, row(9, 14, 1), row(0, 5, 2), row(5, 10, 3), row(3, 8, 4));
    float[][] rest = new float[12][];
    for (int slot = 0; slot < 12; slot++) {
      int length = 5 + slot;
      boolean decoded = slot == 9 || slot == 0 || slot == 5 || slot == 3;
      rest[slot] = forward(session, row(slot, decoded ? length + 1 : length, 7))[0];
    }
    DecoderSession fresh = backend.openSession(new CacheLayout(1, 64));
    int[] order = {9, 0, 5, 3};
    for (int i = 0; i < order.length; i++) {
      int[] tokens = append(tokens(5 + order[i], order[i], VOCABULARY), i + 1);
      assertRow(picked[i], last(fresh, 0, tokens));
      assertRow(rest[order[i]], last(fresh, 0, append(tokens, 7)));
    }
    for (int slot : new int[] {1, 2, 4, 6, 7, 8, 10, 11}) {
      int[] tokens = append(tokens(5 + slot, slot, VOCABULARY), 7);
      assertRow(rest[slot], last(fresh, 0, tokens));
    }
    fresh.close();
  }

  @Test
  void keepsFullSlotWhenNeighboursDecode() {
    try (DecoderSession small = backend.openSession(new CacheLayout(3, 8))) {
      int[] full = tokens(8, 1, VOCABULARY);
      last(small, 1, full);
      last(small, 0, 4, 5);
      last(small, 2, 6);
      forward(small, row(0, 2, 9), row(2, 1, 9));
      assertRow(forward(small, row(1, 7, full[7]))[0], last(session, 0, full));
    }
  }

  @Test
  void mixesPrefillChunksAndDecodeRows() {
    int[] first = tokens(9, 1, VOCABULARY);
    int[] second = tokens(20, 2, VOCABULARY);
    int[] third = tokens(4, 3, VOCABULARY);
    float[][] alone = {last(session, 0, first), last(session, 0, second), last(session, 0, third)};
    last(session, 2, Arrays.copyOf(first, 8));
    last(session, 4, Arrays.copyOf(second, 11));
    float[][] mixed =
        forward(
            session,
            row(4, 11, Arrays.copyOfRange(second, 11, 20)),
            row(2, 8, first[8]),
            row(3, 0, third));
    assertRows(mixed, new float[][] {alone[1], alone[0], alone[2]});
  }

  @Test
  void computesLongPromptInPiecesWithLogitsOfEveryPosition() {
    int[] tokens = tokens(1100, 5, VOCABULARY);
    float[][] all = forward(session, new ForwardRow(0, 0, tokens, 1100));
    assertThat(all).hasDimensions(1100, VOCABULARY);
    for (int position : new int[] {0, 1, 511, 512, 700, 1023, 1024, 1099}) {
      assertRow(all[position], last(session, 1, Arrays.copyOf(tokens, position + 1)));
    }
  }

  @Test
  void keepsWhatSlotsHoldWhenTheCacheGrows() {
    int[] early = tokens(200, 1, VOCABULARY);
    last(session, 3, early);
    long before = backend.allocatedBytes();
    last(session, 7, tokens(900, 2, VOCABULARY));
    assertThat(backend.allocatedBytes()).isGreaterThan(before);
    float[] grown = forward(session, row(3, 200, 9))[0];
    assertRow(grown, last(session, 0, append(early, 9)));
  }

  @Test
  void startsSmallWhateverTheLayoutAllows() {
    long before = backend.allocatedBytes();
    try (DecoderSession large = backend.openSession(new CacheLayout(8, 1_000_000))) {
      assertThat(backend.allocatedBytes() - before).isLessThan(10_000_000);
      assertThat(forward(large, row(7, 0, 1))).hasDimensions(1, VOCABULARY);
    }
    assertThat(backend.allocatedBytes()).isEqualTo(before);
  }

  @Test
  void givesNoLogitsWhereNoneAreWanted() {
    Logits logits =
        session.forward(
            new ForwardBatch(
                List.of(
                    new ForwardRow(0, 0, new int[] {1, 2, 3}, 0),
                    new ForwardRow(1, 0, new int[] {4}, 0))));
    assertThat(logits.rows()).isZero();
    assertRow(forward(session, row(0, 3, 5))[0], last(session, 2, 1, 2, 3, 5));
  }

  @Test
  void overwritesWhatStoodFromFirstPosition() {
    last(session, 0, 1, 2, 3, 4, 5, 6);
    float[] again = forward(session, row(0, 2, 9, 8))[0];
    assertRow(again, last(session, 1, 1, 2, 9, 8));
  }

  @Test
  void copiesBeginningOfSlot() {
    int[] tokens = tokens(20, 1, VOCABULARY);
    last(session, 0, tokens);
    last(session, 5, tokens(30, 2, VOCABULARY));
    session.copySlot(0, 5, 12);
    int[] prefix = Arrays.copyOf(tokens, 12);
    assertRow(forward(session, row(5, 12, 3))[0], last(session, 1, append(prefix, 3)));
    assertRow(forward(session, row(0, 20, 3))[0], last(session, 1, append(tokens, 3)));
  }

  @Test
  void keepsCopiedSlotWhenNeighboursDecode() {
    int[] tokens = tokens(6, 1, VOCABULARY);
    last(session, 0, tokens);
    session.copySlot(0, 1, 6);
    forward(session, row(0, 6, 8), row(2, 0, 9));
    assertRow(forward(session, row(1, 6, 3))[0], last(session, 3, append(tokens, 3)));
  }

  @Test
  void staysUsableAfterCacheIsEmptied() {
    int[] tokens = tokens(40, 1, VOCABULARY);
    last(session, 0, tokens);
    last(session, 1, tokens(600, 2, VOCABULARY));
    last(session, 1, 1);
    long before = backend.allocatedBytes();
    backend.emptyCache();
    assertThat(backend.allocatedBytes()).isLessThan(before);
    assertRow(forward(session, row(0, 40, 3))[0], last(session, 2, append(tokens, 3)));
  }

  @Test
  void givesBackTheRoomOfAClearedSlot() {
    last(session, 0, tokens(40, 1, VOCABULARY));
    backend.emptyCache();
    long before = backend.allocatedBytes();
    last(session, 1, tokens(600, 2, VOCABULARY));
    backend.emptyCache();
    assertThat(backend.allocatedBytes()).isGreaterThan(before);
    session.clearSlot(1);
    backend.emptyCache();
    assertThat(backend.allocatedBytes() - before).as("but tables").isLessThan(before);
  }

  @Test
  void refusesTokensOutsideVocabularyBeforeRunning() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> last(session, 0, VOCABULARY))
        .withMessageContaining("the vocabulary has 64");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> last(session, 12, 1))
        .withMessageContaining("the cache has 12 slots");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> forward(session, row(0, 2048, 1)))
        .withMessageContaining("2048");
  }

  @Test
  void refusesToCopySlotsThatAreNotThere() {
    assertThatIllegalArgumentException().isThrownBy(() -> session.copySlot(0, 12, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> session.copySlot(-1, 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> session.copySlot(0, 1, 2049));
  }

  @Test
  void refusesLogitsOfEarlierStep() {
    Logits stale = session.forward(new ForwardBatch(List.of(row(0, 0, 1))));
    last(session, 0, 2);
    assertThatIllegalStateException().isThrownBy(() -> stale.read(0, new float[VOCABULARY]));
  }

  @Test
  void refusesLogitsAndStepsOnceClosed() {
    Logits logits = session.forward(new ForwardBatch(List.of(row(0, 0, 1))));
    session.close();
    session.close();
    assertThatIllegalStateException().isThrownBy(() -> logits.read(0, new float[VOCABULARY]));
    assertThatIllegalStateException().isThrownBy(() -> last(session, 0, 1));
    assertThatIllegalStateException().isThrownBy(() -> session.copySlot(0, 1, 1));
  }

  @Test
  void refusesDestinationThatIsTooShort() {
    Logits logits = session.forward(new ForwardBatch(List.of(row(0, 0, 1))));
    assertThat(logits.rows()).isEqualTo(1);
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> logits.read(0, new float[VOCABULARY - 1]));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> logits.read(1, new float[VOCABULARY]));
  }

  private static int[] append(int[] tokens, int token) {
    int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
    longer[tokens.length] = token;
    return longer;
  }

  private void assertRows(float[][] actual, float[][] expected) {
    assertThat(actual).hasDimensions(expected.length, VOCABULARY);
    for (int i = 0; i < expected.length; i++) {
      assertRow(actual[i], expected[i]);
    }
  }

  private void assertRow(float[] actual, float[] expected) {
    assertThat(actual).containsExactly(expected, within(tolerance()));
  }
}
