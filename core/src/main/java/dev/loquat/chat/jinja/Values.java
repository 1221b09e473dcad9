package dev.loquat.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's rules for the values: what is true, what is a number, what has elements. */
final class Values {

  private static final List<Map.Entry<Class<?>, String>> TYPES =
      List.of(
          Map.entry(String.class, "a string"),
          Map.entry(List.class, "a list"),
          Map.entry(Map.class, "a mapping"),
          Map.entry(Boolean.class, "a boolean"),
          Map.entry(Number.class, "a number"),
          Map.entry(None.class, "none"));

  private Values() {}

  /** The value for what a caller passes in: nulls, numbers of any type, maps and lists. */
  static Object of(@Nullable Object value) {
    if (value == null) {
      return None.NONE;
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new LinkedHashMap<>();
      map.forEach((key, item) -> copy.put(of(key), of(item)));
      return copy;
    }
    if (value instanceof Iterable<?> items) {
      List<Object> copy = new ArrayList<>();
      items.forEach(item -> copy.add(of(item)));
      return copy;
    }
    if (value instanceof Double || value instanceof Float) {
      return ((Number) value).doubleValue();
    }
    if (value instanceof Number number) {
      return number.longValue();
    }
    return value instanceof Boolean ? value : value.toString();
  }

  static boolean isTrue(Object value) {
    if (value instanceof Boolean bool) {
      return bool;
    }
    if (value instanceof Number number) {
      return number.doubleValue() != 0;
    }
    if (value instanceof String text) {
      return !text.isEmpty();
    }
    if (value instanceof List<?> list) {
      return !list.isEmpty();
    }
    if (value instanceof Map<?, ?> map) {
      return !map.isEmpty();
    }
    return value != None.NONE && !(value instanceof Undefined);
  }

  /** A boolean counts as 0 or 1; null for what is not a number. */
  static @Nullable Number number(Object value) {
    if (value instanceof Boolean bool) {
      return bool ? 1L : 0L;
    }
    return value instanceof Number number ? number : null;
  }

  /** The elements, keys or characters. */
  static List<Object> items(Object value) {
    if (value instanceof List<?> list) {
      return Collections.unmodifiableList(list);
    }
    if (value instanceof Map<?, ?> map) {
      return new ArrayList<>(map.keySet());
    }
    if (value instanceof String text) {
      List<Object> characters = new ArrayList<>();
      text.codePoints().forEach(c -> characters.add(Character.toString(c)));
      return characters;
    }
    if (value instanceof Undefined) {
      return List.of();
    }
    throw new TemplateError("cannot go through " + type(value));
  }

  static long length(Object value) {
    if (value instanceof String text) {
      return text.codePointCount(0, text.length());
    }
    if (value instanceof Map<?, ?> map) {
      return map.size();
    }
    if (value instanceof List<?> || value instanceof Undefined) {
      return items(value).size();
    }
    throw new TemplateError(type(value) + " has no length");
  }

  /** What a value is, for messages. */
  static String type(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    return TYPES.stream()
        .filter(type -> type.getKey().isInstance(value))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("an object");
  }
}
