package dev.loquat.backend.onnx;

import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import java.util.Arrays;
import java.util.List;

/** Steps in few words, for tests. */
final class Steps {
  private Steps() {}

  static ForwardRow row(int slot, int position, int... tokens) {
    return new ForwardRow(slot, position, tokens, 1);
  }

  /** All logits of a step, row by row. */
  static float[][] forward(DecoderSession session, ForwardRow... rows) {
    Logits logits = session.forward(new ForwardBatch(List.of(rows)));
    float[][] all = new float[logits.rows()][logits.vocabularySize()];
    for (int i = 0; i < all.length; i++) {
      logits.read(i, all[i]);
    }
    return all;
  }

  /** The logits after the last of some tokens, computed at once in a slot. */
  static float[] last(DecoderSession session, int slot, int... tokens) {
    return forward(session, row(slot, 0, tokens))[0];
  }

  /** As many token ids as asked for, different for each seed. */
  static int[] tokens(int count, int seed, int vocabulary) {
    int[] tokens = new int[count];
    Arrays.setAll(tokens, i -> Math.floorMod(i * 31 + seed * 17 + i * i, vocabulary));
    return tokens;
  }
}
