package dev.loquat.internal.engine;

import dev.loquat.backend.Logits;
import dev.loquat.backend.TokenDraw;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The tokens of a step that the device has drawn, by their rows of logits. */
final class DrawnTokens {
  private final Map<Integer, Integer> tokens = new HashMap<>();

  /** Nothing is drawn yet. */
  DrawnTokens() {}

  /**
   * Draws all at once. Where that fails nothing is drawn: whoever reads its row instead learns why.
   */
  void draw(Logits logits, List<TokenDraw> draws) {
    if (draws.isEmpty()) {
      return;
    }
    try {
      int[] drawn = logits.draw(draws);
      for (int i = 0; i < drawn.length; i++) {
        tokens.put(draws.get(i).row(), drawn[i]);
      }
    } catch (Throwable e) {
      Faults.requireContained(e);
    }
  }

  /** The token of a row; empty if none was asked for or its logits allow none. */
  OptionalInt of(int row) {
    Integer token = tokens.get(row);
    return token == null || token == Logits.NO_TOKEN ? OptionalInt.empty() : OptionalInt.of(token);
  }
}
