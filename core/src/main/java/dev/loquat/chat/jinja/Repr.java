package dev.loquat.chat.jinja;

import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** How values read as text, as {@code repr} in Python. */
final class Repr {

  private final StringBuilder out = new StringBuilder();

  private Repr() {}

  static String of(Object value) {
    Repr repr = new Repr();
    repr.append(value);
    return repr.out.toString();
  }

  private void append(Object value) {
    if (value instanceof String text) {
      quoted(text);
    } else if (value instanceof List<?> list) {
      list(list);
    } else if (value instanceof Map<?, ?> map) {
      map(map);
    } else {
      out.append(scalar(value));
    }
    Limits.checkText(out.length());
  }

  private static String scalar(Object value) {
    if (value instanceof Boolean bool) {
      return bool ? "True" : "False";
    }
    if (value instanceof Callable) {
      return "<function>";
    }
    return value instanceof Double number ? decimal(number) : value.toString();
  }

  private void list(List<?> list) {
    String separator = "[";
    for (Object item : list) {
      out.append(separator);
      append(item);
      separator = ", ";
    }
    out.append(list.isEmpty() ? "[]" : "]");
  }

  private void map(Map<?, ?> map) {
    String separator = "{";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.append(separator);
      append(entry.getKey());
      out.append(": ");
      append(entry.getValue());
      separator = ", ";
    }
    out.append(map.isEmpty() ? "{}" : "}");
  }

  private void quoted(String text) {
    char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
    out.append(quote);
    text.codePoints().forEach(c -> escaped(c, quote));
    out.append(quote);
  }

  private void escaped(int c, char quote) {
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\\' -> out.append("\\\\");
      default -> {
        if (c < 0x20 || c == 0x7f) {
          out.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
        } else {
          out.append(c == quote ? "\\" : "").appendCodePoint(c);
        }
      }
    }
  }

  /** As Python writes a float: plain from 1e-4 to below 1e16. */
  private static String decimal(double number) {
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
