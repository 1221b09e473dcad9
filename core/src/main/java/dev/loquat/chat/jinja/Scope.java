package dev.loquat.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names and their values, within those of an outer scope. */
final class Scope {

  private final @Nullable Scope outer;
  private final int depth;
  private final Map<String, Object> values = new HashMap<>(4);

  Scope(@Nullable Scope outer) {
    this.outer = outer;
    this.depth = outer == null ? 1 : outer.depth + 1;
  }

  int depth() {
    return depth;
  }

  void set(String name, Object value) {
    values.put(name, value);
  }

  Object get(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      Object value = scope.values.get(name);
      if (value != null) {
        return value;
      }
    }
    return Attributes.missing(name);
  }
}
