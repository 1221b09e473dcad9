package dev.loquat.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the operators do. */
final class Operators {

  private Operators() {}

  static Object apply(String operator, Object left, Object right, Context context) {
    return switch (operator) {
      case "==" -> Comparisons.areEqual(left, right, context);
      case "!=" -> !Comparisons.areEqual(left, right, context);
      case "<" -> Comparisons.compare(left, right, context) < 0;
      case "<=" -> Comparisons.compare(left, right, context) <= 0;
      case ">" -> Comparisons.compare(left, right, context) > 0;
      case ">=" -> Comparisons.compare(left, right, context) >= 0;
      case "in" -> contains(right, left, context);
      case "not in" -> !contains(right, left, context);
      case "~" -> context.made(context.text(left).concat(context.text(right)));
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
      return containsText(text, value, context);
    }
    if (container instanceof Map<?, ?> map) {
      return map.containsKey(context.key(value));
    }
    return context.items(container).stream()
        .anyMatch(item -> Comparisons.areEqual(item, value, context));
  }

  private static boolean containsText(String text, Object value, Context context) {
    if (value instanceof String part) {
      context.spend((long) text.length() + part.length());
      return new Needle(part).first(text, 0) >= 0;
    }
    throw new TemplateError("'in' needs a string on the left, not " + Values.type(value));
  }

  private static Object plus(Object left, Object right, Context context) {
    if (left instanceof String text && right instanceof String other) {
      return context.made(text.concat(other));
    }
    if (left instanceof List<?> list && right instanceof List<?> other) {
      context.making((long) list.size() + other.size());
      List<Object> joined = new ArrayList<>(list);
      joined.addAll(other);
      return joined;
    }
    return arithmetic("+", left, right);
  }

  private static Object times(Object left, Object right, Context context) {
    if (right instanceof Long count && left instanceof String text) {
      return repeat(text, Math.max(0, count), context);
    }
    if (right instanceof Long count && left instanceof List<?> list) {
      return repeat(list, Math.max(0, count), context);
    }
    return left instanceof Long && (right instanceof String || right instanceof List)
        ? times(right, left, context)
        : arithmetic("*", left, right);
  }

  private static String repeat(String text, long count, Context context) {
    Limits.checkText(count);
    Limits.checkText(count * text.length());
    return context.made(text.repeat((int) count));
  }

  private static List<Object> repeat(List<?> list, long count, Context context) {
    Limits.checkList(count);
    context.making(count * Math.max(1, list.size()));
    List<Object> repeated = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      repeated.addAll(list);
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
