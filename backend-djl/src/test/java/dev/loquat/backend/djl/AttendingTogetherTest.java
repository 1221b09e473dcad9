package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardRow;
import dev.loquat.device.Precision;
import dev.loquat.testkit.TransformersModel;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows of one token each, computed at once and one after the other, in slots of one tensor. */
class AttendingTogetherTest {
  private static final float TOLERANCE = 1e-4f;
  private static final CacheLayout LAYOUT = new CacheLayout(6, 300);
  private static final int[] LENGTHS = {3, 1, 120, 40, 140, 200};

  @ParameterizedTest
  @EnumSource
  void givesWhatEachGivesAlone(TransformersModel model) {
    try (Backend backend = Fixtures.open(Fixtures.folder(model), Precision.FP32);
        DecoderSession alone = backend.openSession(LAYOUT);
        DecoderSession together = backend.openSession(LAYOUT)) {
      prefill(alone);
      prefill(together);
      for (int step = 0; step < 12; step++) {
        ForwardRow[] rows = rows(step);
        float[][] logits = Fixtures.forward(together, rows);
        for (int i = 0; i < rows.length; i++) {
          assertThat(logits[i])
              .containsExactly(Fixtures.forward(alone, rows[i])[0], within(TOLERANCE));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = "LLAMA")
  void otherSlotsOutliveOneThatGrowsOrIsCleared(TransformersModel model) {
    try (Backend backend = Fixtures.open(Fixtures.folder(model), Precision.FP32);
        DecoderSession alone = backend.openSession(LAYOUT);
        DecoderSession together = backend.openSession(LAYOUT)) {
      prefill(alone);
      prefill(together);
      together.clearSlot(5);
      Fixtures.forward(together, Fixtures.row(1, 1, tokens(290, 9)));
      together.clearSlot(1);
      Fixtures.forward(together, Fixtures.row(1, 0, tokens(1, 1)));
      for (int slot = 0; slot < 5; slot++) {
        ForwardRow row = Fixtures.row(slot, LENGTHS[slot], 17);
        assertThat(Fixtures.forward(together, row)[0])
            .containsExactly(Fixtures.forward(alone, row)[0], within(TOLERANCE));
      }
    }
  }

  private static void prefill(DecoderSession session) {
    for (int slot = 0; slot < LENGTHS.length; slot++) {
      Fixtures.forward(session, Fixtures.row(slot, 0, tokens(LENGTHS[slot], slot)));
    }
  }

  /** The slots in another order at each step. */
  private static ForwardRow[] rows(int step) {
    return IntStream.range(0, LENGTHS.length)
        .map(i -> (5 * i + step) % LENGTHS.length)
        .mapToObj(slot -> Fixtures.row(slot, LENGTHS[slot] + step, 7 * slot + step))
        .toArray(ForwardRow[]::new);
  }

  private static int[] tokens(int count, int seed) {
    return IntStream.range(0, count).map(i -> (i * 37 + seed) % 300).toArray();
  }
}
