package dev.loquat.chat.jinja;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * {@code tojson} as transformers defines it: Python's {@code json.dumps} without escapes for other
 * than ASCII characters or HTML.
 */
final class Json {

  private final StringBuilder out = new StringBuilder();
  private final int indent;
  private final boolean sorted;
  private final String itemSeparator;
  private final String keySeparator;

  private Json(Arguments options) {
    Object width = options.get(1, "indent", None.NONE);
    this.indent = width instanceof Long spaces ? (int) Math.min(spaces, 64) : -1;
    this.sorted = Values.isTrue(options.get(3, "sort_keys", false));
    Object separators = options.get(2, "separators", None.NONE);
    boolean given = separators instanceof List<?> pair && pair.size() == 2;
    this.itemSeparator =
        given ? Values.text(((List<?>) separators).get(0)) : indent < 0 ? ", " : ",";
    this.keySeparator = given ? Values.text(((List<?>) separators).get(1)) : ": ";
  }

  /** The value as JSON; options as keyword arguments: indent, separators, sort_keys. */
  static String of(Object value, Arguments options) {
    Json json = new Json(options);
    json.append(value, 0);
    return json.out.toString();
  }

  private void append(Object value, int level) {
    if (value instanceof String text) {
      string(text);
    } else if (value instanceof Map<?, ?> map) {
      object(map, level);
    } else if (value instanceof List<?> list) {
      array(list, level);
    } else {
      out.append(scalar(value));
    }
    Values.checkLength(out.length());
  }

  private static String scalar(Object value) {
    if (value == None.NONE) {
      return "null";
    }
    if (value instanceof Boolean bool) {
      return bool ? "true" : "false";
    }
    if (value instanceof Number) {
      return Values.text(value);
    }
    throw new TemplateError("cannot write " + Values.type(value) + " as JSON");
  }

  private void array(List<?> list, int level) {
    out.append('[');
    String separator = "";
    for (Object item : list) {
      out.append(separator);
      newLine(level + 1);
      append(item, level + 1);
      separator = itemSeparator;
    }
    close(list.isEmpty(), level, ']');
  }

  private void object(Map<?, ?> map, int level) {
    out.append('{');
    String separator = "";
    List<? extends Map.Entry<?, ?>> entries = List.copyOf(map.entrySet());
    if (sorted) {
      entries =
          entries.stream()
              .sorted(Comparator.comparing((Map.Entry<?, ?> e) -> Values.text(e.getKey())))
              .toList();
    }
    for (Map.Entry<?, ?> entry : entries) {
      out.append(separator);
      newLine(level + 1);
      Object key = entry.getKey();
      string(key instanceof String text ? text : scalar(key));
      out.append(keySeparator);
      append(entry.getValue(), level + 1);
      separator = itemSeparator;
    }
    close(map.isEmpty(), level, '}');
  }

  private void close(boolean empty, int level, char bracket) {
    if (!empty) {
      newLine(level);
    }
    out.append(bracket);
  }

  private void newLine(int level) {
    if (indent >= 0) {
      out.append('\n').append(" ".repeat(indent * level));
    }
  }

  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> out.append(c < 0x20 ? String.format("\\u%04x", (int) c) : String.valueOf(c));
      }
    }
    out.append('"');
  }
}
