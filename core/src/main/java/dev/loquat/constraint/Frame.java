package dev.loquat.constraint;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a called rule goes on when it ends. All callers that called the rule at the same byte share
 * a frame, so that a text that can be read in many ways still has few frames.
 */
final class Frame {
  /** Of the text itself: its end is the end of the text. */
  static final Frame ROOT = new Frame();

  /** Of a state looked at without its callers. */
  static final Frame UNKNOWN = new Frame();

  private final List<Position> returns = new ArrayList<>(1);

  List<Position> returns() {
    return returns;
  }

  /** Adds a caller; only while the byte is read at which the rule was called. */
  void add(Position position) {
    if (!returns.contains(position)) {
      returns.add(position);
    }
  }
}
