package dev.loquat.chat.jinja;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What stands behind a dot or in brackets. */
final class Attributes {

  /** Characters of a name in a message. */
  private static final int SHOWN_CHARS = 80;

  private Attributes() {}

  static Object attribute(Object target, String name, Context context) {
    context.spend(name.length());
    Object own = own(target, name);
    return own instanceof Undefined && target instanceof Map<?, ?> map && map.containsKey(name)
        ? item(target, name, context)
        : own;
  }

  private static Object own(Object target, String name) {
    if (target instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (target instanceof Namespace namespace) {
      return namespace.get(name);
    }
    if (target instanceof Loop loop) {
      return loop.attribute(name);
    }
    if (target instanceof String text) {
      return StringMethods.of(text, name);
    }
    if (target instanceof Map<?, ?> map) {
      return ContainerMethods.of(map, name);
    }
    return target instanceof List<?> list ? ContainerMethods.of(list, name) : missing(name);
  }

  static Undefined missing(String name) {
    String shown = name.length() > SHOWN_CHARS ? name.substring(0, SHOWN_CHARS) + "..." : name;
    return new Undefined("'" + shown + "'");
  }

  static Object item(Object target, Object key, Context context) {
    if (target instanceof Map<?, ?> map) {
      Object value = key instanceof List || key instanceof Map ? null : map.get(context.key(key));
      if (value != null) {
        return value;
      }
    } else if (key instanceof Long index && target instanceof List<?> list) {
      long place = index < 0 ? index + list.size() : index;
      return place >= 0 && place < list.size() ? list.get((int) place) : unkeyed(target, key);
    } else if (key instanceof Long index && target instanceof String text) {
      return character(text, index, context);
    }
    return key instanceof String name ? own(target, name) : unkeyed(target, key);
  }

  private static Undefined unkeyed(Object target, Object key) {
    if (target instanceof Undefined undefined) {
      throw undefined.error();
    }
    boolean nested = key instanceof List || key instanceof Map;
    return missing(nested ? Values.type(key) : Repr.of(key));
  }

  private static Object character(String text, long index, Context context) {
    context.spend(Limits.PIECE_STEPS + text.length());
    long size = Values.length(text);
    long place = index < 0 ? index + size : index;
    return place >= 0 && place < size
        ? Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) place)))
        : unkeyed(text, index);
  }

  static Object slice(Object target, Object from, Object to, Object step, Context context) {
    if (target instanceof String text) {
      context.spend(Limits.ELEMENT_STEPS * text.length());
      int[] points = text.codePoints().toArray();
      int[] taken = places(points.length, from, to, step).map(i -> points[i]).toArray();
      return context.made(new String(taken, 0, taken.length));
    }
    List<Object> items = context.items(target);
    context.making(items.size());
    return places(items.size(), from, to, step).mapToObj(items::get).toList();
  }

  /** The indices that a slice of so many elements takes. */
  private static IntStream places(int size, Object from, Object to, Object step) {
    int stride = step instanceof Long given ? clamp(given, -size - 1, size + 1) : 1;
    if (stride == 0) {
      throw new TemplateError("a slice has step 0");
    }
    int low = stride > 0 ? 0 : -1;
    int high = stride > 0 ? size : size - 1;
    int start = bound(from, stride > 0 ? low : high, low, high, size);
    int end = bound(to, stride > 0 ? high : low, low, high, size);
    return IntStream.iterate(start, i -> stride > 0 ? i < end : i > end, i -> i + stride);
  }

  private static int bound(Object given, int otherwise, int low, int high, int size) {
    return given instanceof Long index
        ? clamp(index < 0 ? index + size : index, low, high)
        : otherwise;
  }

  private static int clamp(long value, int low, int high) {
    return (int) Math.max(low, Math.min(high, value));
  }
}
