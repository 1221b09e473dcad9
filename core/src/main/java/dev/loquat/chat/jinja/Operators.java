package dev.loquat.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the operators do. */
final class Operators {

  private Operators() {}

  static Object apply(String operator, Object left, Object right, Context context) {
    return switch (operator) {
      case "==" -> Values.areEqual(left, right);
      case "!=" -> !Values.areEqual(left, right);
      case "<" -> Values.compare(left, right) < 0;
      case "<=" -> Values.compare(left, right) <= 0;
      case ">" -> Values.compare(left, right) > 0;
      case ">=" -> Values.compare(left, right) >= 0;
      case "in" -> contains(right, left, context);
      case "not in" -> !contains(right, left, context);
      case "~" -> context.made(Values.text(left).concat(Values.text(right)));
      case "+" -> plus(left, right, context);
      case "*" -> times(left, right, context);
      case "%" ->
          left instanceof String
              ? unsupported("string formatting with %")
              : arithmetic(operator, left, right);
      default -> arithmetic(operator, left, right);
    };
  }

  static Object negate(Object value) {
    return arithmetic("-", 0L, value);
  }

  static boolean contains(Object container, Object value, Context context) {
    if (container instanceof String text) {
      context.spend(text.length());
      if (value instanceof String part) {
        return text.contains(part);
      }
      throw new TemplateError("'in' needs a string on the left, not " + Values.type(value));
    }
    if (container instanceof Map<?, ?> map) {
      return map.containsKey(value);
    }
    List<Object> items = Values.items(container);
    context.spend(items.size());
    return items.stream().anyMatch(item -> Values.areEqual(item, value));
  }

  private static Object plus(Object left, Object right, Context context) {
    if (left instanceof String text && right instanceof String other) {
      return context.made(text.concat(other));
    }
    if (left instanceof List<?> list && right instanceof List<?> other) {
      context.spend((long) list.size() + other.size());
      List<Object> joined = new ArrayList<>(list);
      joined.addAll(other);
      return joined;
    }
    return arithmetic("+", left, right);
  }

  private static Object times(Object left, Object right, Context context) {
    if (right instanceof Long count && (left instanceof String || left instanceof List)) {
      return repeat(left, Math.max(0, count), context);
    }
    return left instanceof Long && right instanceof String
        ? times(right, left, context)
        : arithmetic("*", left, right);
  }

  private static Object repeat(Object value, long count, Context context) {
    long size = Math.max(1, value instanceof String text ? text.length() : Values.length(value));
    Values.checkLength(count > Limits.OUTPUT_CHARS ? count : count * size);
    context.spend(count * size);
    if (value instanceof String text) {
      return text.repeat((int) count);
    }
    List<Object> repeated = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      repeated.addAll(Values.items(value));
    }
    return repeated;
  }

  private static Object arithmetic(String operator, Object left, Object right) {
    Number a = Values.number(left);
    Number b = Values.number(right);
    if (a == null || b == null) {
      throw new TemplateError(
          "cannot apply " + operator + " to " + Values.type(left) + " and " + Values.type(right));
    }
    try {
      return a instanceof Long && b instanceof Long && !operator.equals("/")
          ? integers(operator, a.longValue(), b.longValue())
          : decimals(operator, a.doubleValue(), b.doubleValue());
    } catch (ArithmeticException e) {
      throw new TemplateError(left + " " + operator + " " + right + ": " + e.getMessage());
    }
  }

  private static Object integers(String operator, long a, long b) {
    return switch (operator) {
      case "+" -> Math.addExact(a, b);
      case "-" -> Math.subtractExact(a, b);
      case "*" -> Math.multiplyExact(a, b);
      case "//" -> Math.floorDiv(a, b);
      case "%" -> Math.floorMod(a, b);
      default -> power(a, b);
    };
  }

  private static Object power(long base, long exponent) {
    double power = Math.pow((double) base, (double) exponent);
    if (exponent < 0 || Math.abs(power) >= 0x1p53) {
      return power;
    }
    return (long) power;
  }

  private static Object decimals(String operator, double a, double b) {
    if (b == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
      throw new ArithmeticException("division by zero");
    }
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / b;
      case "//" -> Math.floor(a / b);
      case "%" -> a - b * Math.floor(a / b);
      default -> Math.pow(a, b);
    };
  }

  private static Object unsupported(String what) {
    throw new TemplateError(what + " is not supported");
  }
}
