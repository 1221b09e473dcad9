package dev.loquat.chat.jinja;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * {@code tojson} as transformers defines it: Python's {@code json.dumps} without escapes for other
 * than ASCII characters or HTML.
 */
final class Json {

  private final Context context;
  private final StringBuilder out = new StringBuilder();
  private final int indent;
  private final boolean sorted;
  private final String itemSeparator;
  private final String keySeparator;

  private Json(Arguments options, Context context) {
    this.context = context;
    Object width = options.get(1, "indent", None.NONE);
    this.indent = width instanceof Long spaces ? (int) Math.max(0, Math.min(spaces, 64)) : -1;
    this.sorted = Values.isTrue(options.get(3, "sort_keys", false));
    Object separators = options.get(2, "separators", None.NONE);
    boolean given = separators instanceof List<?> pair && pair.size() == 2;
    this.itemSeparator =
        given ? context.text(((List<?>) separators).get(0)) : indent < 0 ? ", " : ",";
    this.keySeparator = given ? context.text(((List<?>) separators).get(1)) : ": ";
  }

  /** The value as JSON; options as keyword arguments: indent, separators, sort_keys. */
  static String of(Object value, Arguments options, Context context) {
    Json json = new Json(options, context);
    json.append(value, 0);
    return context.made(json.out.toString());
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
    Limits.checkText(out.length());
  }

  private static String scalar(Object value) {
    if (value == None.NONE) {
      return "null";
    }
    if (value instanceof Boolean bool) {
      return bool ? "true" : "false";
    }
    if (value instanceof Number) {
      return Repr.of(value);
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
    for (Object key : sorted ? sortedKeys(map) : map.keySet()) {
      out.append(separator);
      newLine(level + 1);
      string(key instanceof String text ? text : scalar(key));
      out.append(keySeparator);
      append(Objects.requireNonNull(map.get(key)), level + 1);
      separator = itemSeparator;
    }
    close(map.isEmpty(), level, '}');
  }

  private List<Object> sortedKeys(Map<?, ?> map) {
    return context.items(map).stream()
        .sorted((a, b) -> Comparisons.compare(a, b, context))
        .toList();
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
        default -> {
          if (c < 0x20) {
            out.append("\\u").append(HexFormat.of().toHexDigits(c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
