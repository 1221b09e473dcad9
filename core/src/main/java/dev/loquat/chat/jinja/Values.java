package dev.loquat.chat.jinja;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's rules for the values: what is true, equal, less, and how each reads as text. */
final class Values {

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

  static boolean areEqual(Object left, Object right) {
    Number a = number(left);
    Number b = number(right);
    if (a != null && b != null) {
      return areIntegers(a, b)
          ? a.longValue() == b.longValue()
          : a.doubleValue() == b.doubleValue();
    }
    return (left instanceof List<?> || left instanceof Map<?, ?>)
        ? new Equality().holds(left, right)
        : left.equals(right);
  }

  private static boolean areIntegers(Number a, Number b) {
    return a instanceof Long && b instanceof Long;
  }

  static int compare(Object left, Object right) {
    Number a = number(left);
    Number b = number(right);
    if (a != null && b != null) {
      return areIntegers(a, b)
          ? Long.compare(a.longValue(), b.longValue())
          : Double.compare(a.doubleValue(), b.doubleValue());
    }
    if (left instanceof String text && right instanceof String other) {
      return text.compareTo(other);
    }
    throw new TemplateError("cannot compare " + type(left) + " with " + type(right));
  }

  /** The elements, keys or characters. */
  static List<Object> items(Object value) {
    if (value instanceof List<?> list) {
      return List.copyOf(list);
    }
    if (value instanceof Map<?, ?> map) {
      return List.copyOf(map.keySet());
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
    if (value instanceof List<?> || value instanceof Map<?, ?> || value instanceof Undefined) {
      return items(value).size();
    }
    throw new TemplateError(type(value) + " has no length");
  }

  static String type(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    return value instanceof String
        ? "a string"
        : value instanceof List
            ? "a list"
            : value instanceof Map
                ? "a mapping"
                : value instanceof Boolean
                    ? "a boolean"
                    : value instanceof Number
                        ? "a number"
                        : value == None.NONE ? "none" : "an object";
  }

  /** As {@code str} in Python. */
  static String text(Object value) {
    return value instanceof String text ? text : repr(value);
  }

  private static String repr(Object value) {
    StringBuilder text = new StringBuilder();
    appendRepr(value, text);
    return text.toString();
  }

  private static void appendRepr(Object value, StringBuilder out) {
    if (value instanceof String text) {
      appendQuoted(text, out);
    } else if (value instanceof Boolean bool) {
      out.append(bool ? "True" : "False");
    } else if (value instanceof Double number) {
      out.append(decimal(number));
    } else if (value instanceof List<?> list) {
      String separator = "[";
      for (Object item : list) {
        out.append(separator);
        appendRepr(item, out);
        separator = ", ";
      }
      out.append(list.isEmpty() ? "[]" : "]");
    } else if (value instanceof Map<?, ?> map) {
      String separator = "{";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.append(separator);
        appendRepr(entry.getKey(), out);
        out.append(": ");
        appendRepr(entry.getValue(), out);
        separator = ", ";
      }
      out.append(map.isEmpty() ? "{}" : "}");
    } else {
      out.append(value);
    }
    checkLength(out.length());
  }

  static void checkLength(long chars) {
    if (chars > Limits.OUTPUT_CHARS) {
      throw new TemplateError("a text grows past " + Limits.OUTPUT_CHARS + " characters");
    }
  }

  private static void appendQuoted(String text, StringBuilder out) {
    char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
    out.append(quote);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                  if (c < 0x20 || c == 0x7f) {
                    out.append(String.format("\\x%02x", c));
                  } else {
                    out.append(c == quote ? "\\" : "").appendCodePoint(c);
                  }
                }
              }
            });
    out.append(quote);
  }

  /** As Python writes a float: plain from 1e-4 to below 1e16. */
  static String decimal(double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
    }
    double size = Math.abs(number);
    if (size == 0 || (size >= 1e-4 && size < 1e16)) {
      String plain = new BigDecimal(Double.toString(number)).toPlainString();
      String zeroed = size == 0 && 1 / number < 0 ? "-0.0" : plain;
      return zeroed.contains(".") ? zeroed : zeroed + ".0";
    }
    String[] parts = Double.toString(number).split("E", 2);
    int exponent = Integer.parseInt(parts[1]);
    String mantissa =
        parts[0].endsWith(".0") ? parts[0].substring(0, parts[0].length() - 2) : parts[0];
    return mantissa + String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
  }
}
