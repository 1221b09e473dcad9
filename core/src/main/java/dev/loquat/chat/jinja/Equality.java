package dev.loquat.chat.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Compares containers by content, and counts: shared parts make small ones large. */
final class Equality {

  private long steps;

  boolean holds(Object left, Object right) {
    if (++steps > Limits.RANGE) {
      throw new TemplateError("two values are too large to compare");
    }
    if (left instanceof List<?> list && right instanceof List<?> other) {
      return list.size() == other.size() && itemsHold(list.iterator(), other.iterator());
    }
    if (left instanceof Map<?, ?> map && right instanceof Map<?, ?> other) {
      return map.size() == other.size()
          && map.entrySet().stream()
              .allMatch(
                  e -> {
                    Object value = other.get(e.getKey());
                    return value != null && holds(e.getValue(), value);
                  });
    }
    boolean nested = left instanceof List || left instanceof Map;
    return !nested && Values.areEqual(left, right);
  }

  private boolean itemsHold(Iterator<?> left, Iterator<?> right) {
    while (left.hasNext()) {
      if (!holds(left.next(), right.next())) {
        return false;
      }
    }
    return true;
  }
}
