package dev.loquat.chat.jinja;

import java.util.HashMap;
import java.util.Map;

/** What {@code namespace()} makes: the one value whose attributes a template can set. */
final class Namespace {

  private final Map<String, Object> values;

  Namespace(Map<String, Object> values) {
    this.values = new HashMap<>(values);
  }

  Object get(String name) {
    return values.getOrDefault(name, Attributes.missing(name));
  }

  void set(String name, Object value) {
    values.put(name, value);
  }

  @Override
  public String toString() {
    return "<Namespace>";
  }
}
