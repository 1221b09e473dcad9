package dev.loquat.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The methods of mappings and lists that change nothing. */
final class ContainerMethods {

  private ContainerMethods() {}

  static Object of(Map<?, ?> map, String name) {
    return switch (name) {
      case "items" -> (Callable) (a, context) -> items(map, context);
      case "keys" -> (Callable) (a, context) -> context.items(map);
      case "values" -> (Callable) (a, context) -> values(map, context);
      case "get" -> (Callable) (a, context) -> get(map, a, context);
      default -> Attributes.missing(name);
    };
  }

  static Object of(List<?> list, String name) {
    return switch (name) {
      case "index" -> (Callable) (a, context) -> index(list, a.require(0, "value"), context);
      case "count" -> (Callable) (a, context) -> count(list, a.require(0, "value"), context);
      default -> Attributes.missing(name);
    };
  }

  static List<Object> items(Map<?, ?> map, Context context) {
    context.making(map.size());
    context.spend(Limits.PIECE_STEPS * map.size());
    List<Object> items = new ArrayList<>();
    map.forEach((key, value) -> items.add(List.of(key, value)));
    return items;
  }

  private static List<Object> values(Map<?, ?> map, Context context) {
    context.making(map.size());
    return new ArrayList<>(map.values());
  }

  private static Object get(Map<?, ?> map, Arguments arguments, Context context) {
    Object value = map.get(context.key(arguments.require(0, "key")));
    return value == null ? arguments.get(1, "default", None.NONE) : value;
  }

  private static long index(List<?> list, Object value, Context context) {
    for (int i = 0; i < list.size(); i++) {
      if (Comparisons.areEqual(list.get(i), value, context)) {
        return i;
      }
    }
    throw new TemplateError("the list does not have " + context.text(value));
  }

  private static long count(List<?> list, Object value, Context context) {
    return list.stream().filter(item -> Comparisons.areEqual(item, value, context)).count();
  }
}
