package dev.loquat.chat.jinja;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** One rendering: its output, its names, and what it has used of its limits. */
final class Context {

  private final Clock clock;
  private final Budget budget;
  private StringBuilder output = new StringBuilder();
  private Scope scope = new Scope(null);
  private int depth;
  private int line = 1;

  Context(Clock clock, Budget budget) {
    this.clock = clock;
    this.budget = budget;
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

  long steps() {
    return budget.steps();
  }

  void enter(int newLine) {
    line = newLine;
    spend(1);
  }

  void spend(long count) {
    budget.spend(count);
  }

  /** The elements, keys or characters of a value, counted. */
  List<Object> items(Object value) {
    spend(value instanceof String text ? Limits.PIECE_STEPS * text.length() : 1);
    List<Object> items = Values.items(value);
    spend(value instanceof Map ? Limits.ELEMENT_STEPS * items.size() : items.size());
    return items;
  }

  void write(String text) {
    Limits.checkText((long) output.length() + text.length());
    spend(text.length());
    output.append(text);
  }

  /** A value as {@code str} in Python writes it, counted. */
  String text(Object value) {
    return value instanceof String text ? text : made(Repr.of(value));
  }

  /** A text that the template made, counted. */
  String made(String text) {
    Limits.checkText(text.length());
    spend(Limits.PIECE_STEPS + text.length());
    return text;
  }

  /** Counts a list that the template makes, before it is made. */
  void making(long elements) {
    Limits.checkList(elements);
    spend(Limits.PIECE_STEPS + Limits.ELEMENT_STEPS * elements);
  }

  /** A value as the key of a mapping, counted: to find it takes as long as it is. */
  Object key(Object value) {
    if (value instanceof List || value instanceof Map) {
      throw new TemplateError("a key cannot be " + Values.type(value));
    }
    spend(value instanceof String text ? text.length() : 1);
    return value;
  }

  /** The value of a name, counted by the scopes that may have it. */
  Object named(String name) {
    spend(scope.depth() + name.length());
    return scope.get(name);
  }

  <T> T within(Scope inner, Supplier<T> body) {
    spend(Limits.PIECE_STEPS);
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
