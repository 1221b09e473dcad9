package dev.loquat.constraint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A set of Unicode characters (without surrogates, which no text holds) as ascending ranges. */
record CodePoints(List<Span> spans) {
  private static final int LAST = Character.MAX_CODE_POINT;
  static final CodePoints NONE = new CodePoints(List.of());
  static final CodePoints ALL =
      new CodePoints(
          List.of(
              new Span(0, Character.MIN_SURROGATE - 1),
              new Span(Character.MAX_SURROGATE + 1, LAST)));

  /** Characters from low to high. */
  record Span(int low, int high) {}

  static CodePoints of(int codePoint) {
    return between(codePoint, codePoint);
  }

  static CodePoints between(int low, int high) {
    return new CodePoints(List.of(new Span(low, high))).intersect(ALL);
  }

  /** The characters of a text. */
  static CodePoints of(String characters) {
    return of(characters.codePoints().boxed().toList());
  }

  static CodePoints of(Collection<Integer> codePoints) {
    return union(codePoints.stream().map(CodePoints::of).toList());
  }

  /** The characters that a pattern of one or more of them finds. */
  static CodePoints found(Pattern several) {
    StringBuilder text = new StringBuilder();
    ALL.spans.forEach(
        span -> IntStream.rangeClosed(span.low, span.high).forEach(text::appendCodePoint));
    List<Span> spans = new ArrayList<>();
    Matcher runs = several.matcher(text);
    while (runs.find()) {
      spans.add(new Span(text.codePointAt(runs.start()), text.codePointBefore(runs.end())));
    }
    return new CodePoints(List.copyOf(spans)).intersect(ALL);
  }

  CodePoints union(CodePoints other) {
    return union(List.of(this, other));
  }

  static CodePoints union(Collection<CodePoints> sets) {
    List<Span> merged = new ArrayList<>();
    sets.stream()
        .flatMap(set -> set.spans.stream())
        .sorted(Comparator.comparingInt(Span::low))
        .forEach(span -> append(merged, span));
    return new CodePoints(List.copyOf(merged));
  }

  private static void append(List<Span> merged, Span span) {
    int last = merged.size() - 1;
    if (last >= 0 && merged.get(last).high >= span.low - 1) {
      Span before = merged.get(last);
      merged.set(last, new Span(before.low, Math.max(before.high, span.high)));
    } else {
      merged.add(span);
    }
  }

  CodePoints intersect(CodePoints other) {
    List<Span> common = new ArrayList<>();
    for (Span a : spans) {
      for (Span b : other.spans) {
        if (Math.max(a.low, b.low) <= Math.min(a.high, b.high)) {
          common.add(new Span(Math.max(a.low, b.low), Math.min(a.high, b.high)));
        }
      }
    }
    return new CodePoints(List.copyOf(common));
  }

  CodePoints complement() {
    List<Span> gaps = new ArrayList<>();
    int from = 0;
    for (Span span : spans) {
      if (span.low > from) {
        gaps.add(new Span(from, span.low - 1));
      }
      from = span.high + 1;
    }
    if (from <= LAST) {
      gaps.add(new Span(from, LAST));
    }
    return new CodePoints(List.copyOf(gaps)).intersect(ALL);
  }

  CodePoints minus(CodePoints other) {
    return intersect(other.complement());
  }

  boolean contains(int codePoint) {
    return spans.stream().anyMatch(s -> s.low <= codePoint && codePoint <= s.high);
  }
}
