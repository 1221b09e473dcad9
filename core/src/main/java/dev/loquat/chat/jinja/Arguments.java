package dev.loquat.chat.jinja;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a call passes.
 *
 * @param positional in order
 * @param named by keyword
 */
record Arguments(List<Object> positional, Map<String, Object> named) {

  static final Arguments NONE = new Arguments(List.of(), Map.of());

  int size() {
    return positional.size();
  }

  List<Object> all() {
    return Stream.concat(positional.stream(), named.values().stream()).toList();
  }

  Object get(int index, String name, Object otherwise) {
    return index < positional.size() ? positional.get(index) : named.getOrDefault(name, otherwise);
  }

  Object require(int index, String name) {
    Object value = get(index, name, new Undefined("argument '" + name + "'"));
    if (value instanceof Undefined missing) {
      throw missing.error();
    }
    return value;
  }

  String text(int index, String name) {
    if (require(index, name) instanceof String text) {
      return text;
    }
    throw new TemplateError(
        "argument '" + name + "' is " + Values.type(require(index, name)) + "; expected a string");
  }

  long integer(int index, String name, long otherwise) {
    Number number = Values.number(get(index, name, otherwise));
    if (number == null) {
      throw new TemplateError("argument '" + name + "' is not a number");
    }
    return number.longValue();
  }

  /** All but the first, which a filter such as {@code map} takes for itself. */
  Arguments tail(int from) {
    return new Arguments(positional.subList(Math.min(from, size()), size()), named);
  }
}
