package dev.loquat.chat.jinja;

import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/** One rendering: its output, its names, and what it has used of its limits. */
final class Context {

  private final Clock clock;
  private StringBuilder output = new StringBuilder();
  private Scope scope = new Scope(null);
  private long steps;
  private int depth;
  private int line = 1;

  Context(Clock clock) {
    this.clock = clock;
  }

  Clock clock() {
    return clock;
  }

  Scope scope() {
    return scope;
  }

  int line() {
    return line;
  }

  String output() {
    return output.toString();
  }

  void enter(int newLine) {
    line = newLine;
    spend(1);
  }

  void spend(long count) {
    steps += count;
    if (steps > Limits.STEPS) {
      throw new TemplateError("the template takes more than " + Limits.STEPS + " steps");
    }
  }

  /** The elements, keys or characters of a value, counted. */
  List<Object> items(Object value) {
    spend(value instanceof String text ? Limits.PIECE_STEPS * text.length() : 1);
    List<Object> items = Values.items(value);
    spend(items.size());
    return items;
  }

  void write(String text) {
    Values.checkLength((long) output.length() + text.length());
    spend(text.length());
    output.append(text);
  }

  /** A text that the template made, counted. */
  String made(String text) {
    Values.checkLength(text.length());
    spend(text.length());
    return text;
  }

  <T> T within(Scope inner, Supplier<T> body) {
    Scope before = scope;
    scope = inner;
    try {
      return body.get();
    } finally {
      scope = before;
    }
  }

  /** What the body writes, as a text. */
  String capture(Runnable body) {
    StringBuilder before = output;
    output = new StringBuilder();
    try {
      body.run();
      return output.toString();
    } finally {
      output = before;
    }
  }

  <T> T call(Supplier<T> body) {
    if (++depth > Limits.CALL_DEPTH) {
      throw new TemplateError("calls are nested more than " + Limits.CALL_DEPTH + " deep");
    }
    T result = body.get();
    depth--;
    return result;
  }
}
