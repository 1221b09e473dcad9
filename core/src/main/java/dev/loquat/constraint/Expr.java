package dev.loquat.constraint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A language of byte strings as a tree. Parts may be shared: nothing here is changed. */
sealed interface Expr {
  Expr EMPTY = new Sequence(List.of());

  /** No text at all. */
  Expr NOTHING = new Choice(List.of());

  /** One byte from low to high, both from 0 to 255. */
  record Range(int low, int high) implements Expr {}

  /** One part after the other; no part is the empty text. */
  record Sequence(List<Expr> parts) implements Expr {}

  /** One of the options; no option is no text at all, not even the empty one. */
  record Choice(List<Expr> options) implements Expr {}

  /** The body at least and at most so often. */
  record Repeat(Expr body, int least, int most) implements Expr {
    static final int UNBOUNDED = Integer.MAX_VALUE;
  }

  /**
   * Members in their order with a separator between each two of those that are there.
   *
   * @param others what may follow the members, also separated
   * @param mostOthers how often, {@link Repeat#UNBOUNDED} for any number
   */
  record Members(List<Member> members, Expr separator, Optional<Expr> others, int mostOthers)
      implements Expr {}

  /** One of {@link Members}. */
  record Member(Expr content, boolean required) {}

  /**
   * A JSON string of so many characters, in any spelling; only as all of a rule.
   *
   * @param most {@link Repeat#UNBOUNDED} for any number
   * @param opened whether the quote before the first of them is read already
   */
  record StringOf(int least, int most, boolean opened) implements Expr {}

  /** Whatever the rule with this index matches. */
  record Rule(int index) implements Expr {}

  static Expr text(String text) {
    List<Expr> bytes = new ArrayList<>();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      bytes.add(new Range(b & 0xFF, b & 0xFF));
    }
    return new Sequence(List.copyOf(bytes));
  }

  static Expr sequence(Expr... parts) {
    return new Sequence(List.of(parts));
  }

  static Expr choice(Expr... options) {
    return new Choice(List.of(options));
  }

  static Expr choice(String... texts) {
    return new Choice(Arrays.stream(texts).map(Expr::text).toList());
  }

  static Expr optional(Expr body) {
    return new Repeat(body, 0, 1);
  }

  static Expr repeat(Expr body, int least, int most) {
    return new Repeat(body, least, most);
  }
}
