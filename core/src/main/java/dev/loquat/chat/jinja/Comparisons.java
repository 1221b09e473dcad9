package dev.loquat.chat.jinja;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Which values are equal and which comes first, as in Python; all that is compared is counted. */
final class Comparisons {

  private Comparisons() {}

  static boolean areEqual(Object left, Object right, Context context) {
    context.spend(Limits.ELEMENT_STEPS);
    Number a = Values.number(left);
    Number b = Values.number(right);
    if (a != null && b != null) {
      return compareNumbers(a, b) == 0 && !Double.isNaN(a.doubleValue());
    }
    if (left instanceof String text && right instanceof String other) {
      context.spend(text.length() == other.length() ? text.length() : 0);
      return text.equals(other);
    }
    if (left instanceof List<?> list) {
      return right instanceof List<?> other && areEqualLists(list, other, context);
    }
    if (left instanceof Map<?, ?> map) {
      return right instanceof Map<?, ?> other && areEqualMaps(map, other, context);
    }
    return left.equals(right);
  }

  private static boolean areEqualLists(List<?> left, List<?> right, Context context) {
    boolean equal = left.size() == right.size();
    Iterator<?> others = right.iterator();
    for (Iterator<?> items = left.iterator(); equal && items.hasNext(); ) {
      equal = areEqual(items.next(), others.next(), context);
    }
    return equal;
  }

  private static boolean areEqualMaps(Map<?, ?> left, Map<?, ?> right, Context context) {
    boolean equal = left.size() == right.size();
    for (Iterator<?> keys = left.keySet().iterator(); equal && keys.hasNext(); ) {
      Object key = context.key(keys.next());
      Object other = right.get(key);
      equal = other != null && areEqual(Objects.requireNonNull(left.get(key)), other, context);
    }
    return equal;
  }

  static int compare(Object left, Object right, Context context) {
    context.spend(Limits.ELEMENT_STEPS);
    Number a = Values.number(left);
    Number b = Values.number(right);
    if (a != null && b != null) {
      return compareNumbers(a, b);
    }
    if (left instanceof String text && right instanceof String other) {
      context.spend(Math.min(text.length(), other.length()));
      return text.compareTo(other);
    }
    if (left instanceof List<?> list && right instanceof List<?> other) {
      return compareLists(list, other, context);
    }
    throw new TemplateError("cannot compare " + Values.type(left) + " with " + Values.type(right));
  }

  private static int compareLists(List<?> left, List<?> right, Context context) {
    Iterator<?> others = right.iterator();
    for (Object item : left) {
      if (!others.hasNext()) {
        return 1;
      }
      Object other = others.next();
      if (!areEqual(item, other, context)) {
        return compare(item, other, context);
      }
    }
    return others.hasNext() ? -1 : 0;
  }

  /** Exact also between an integer and a decimal: sorting needs a consistent order. */
  private static int compareNumbers(Number left, Number right) {
    if (left instanceof Long a && right instanceof Long b) {
      return Long.compare(a, b);
    }
    double a = left.doubleValue() + 0.0; // -0.0 becomes 0.0, which it equals
    double b = right.doubleValue() + 0.0;
    return Double.isFinite(a) && Double.isFinite(b)
        ? exact(left).compareTo(exact(right))
        : Double.compare(a, b);
  }

  private static BigDecimal exact(Number number) {
    return number instanceof Long whole
        ? BigDecimal.valueOf(whole)
        : new BigDecimal(number.doubleValue());
  }
}
