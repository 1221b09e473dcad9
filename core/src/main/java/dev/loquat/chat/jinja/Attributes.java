package dev.loquat.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What stands behind a dot or in brackets. */
final class Attributes {

  private Attributes() {}

  static Object attribute(Object target, String name) {
    Object own = own(target, name);
    return own instanceof Undefined && target instanceof Map<?, ?> map && map.containsKey(name)
        ? item(target, name)
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

  static Undefined missing(Object name) {
    return new Undefined("'" + name + "'");
  }

  static Object item(Object target, Object key) {
    if (target instanceof Map<?, ?> map) {
      Object value = key instanceof List || key instanceof Map ? null : map.get(key);
      if (value != null) {
        return value;
      }
    } else if (key instanceof Long index && (target instanceof List || target instanceof String)) {
      return at(target, index);
    }
    return key instanceof String name ? own(target, name) : unkeyed(target, key);
  }

  private static Undefined unkeyed(Object target, Object key) {
    if (target instanceof Undefined undefined) {
      throw undefined.error();
    }
    return missing(Values.text(key));
  }

  private static Object at(Object target, long index) {
    List<?> items = target instanceof List<?> list ? list : Values.items(target);
    long place = index < 0 ? index + items.size() : index;
    return place >= 0 && place < items.size() ? items.get((int) place) : missing(index);
  }

  static Object slice(Object target, Object from, Object to, Object step) {
    long stride = step instanceof Long given ? given : 1;
    if (stride == 0) {
      throw new TemplateError("a slice has step 0");
    }
    List<Object> items = Values.items(target);
    long size = items.size();
    long low = stride > 0 ? 0 : -1;
    long high = stride > 0 ? size : size - 1;
    long start = bound(from, stride > 0 ? low : high, low, high, size);
    long end = bound(to, stride > 0 ? high : low, low, high, size);
    List<Object> taken = new ArrayList<>();
    for (long i = start; stride > 0 ? i < end : i > end; i += stride) {
      taken.add(items.get((int) i));
      if (Math.abs(stride) >= size) {
        break;
      }
    }
    return target instanceof String ? join(taken) : taken;
  }

  private static long bound(Object given, long otherwise, long low, long high, long size) {
    if (!(given instanceof Long index)) {
      return otherwise;
    }
    long place = index < 0 ? index + size : index;
    return Math.max(low, Math.min(high, place));
  }

  private static String join(List<Object> characters) {
    StringBuilder text = new StringBuilder();
    characters.forEach(text::append);
    return text.toString();
  }
}
