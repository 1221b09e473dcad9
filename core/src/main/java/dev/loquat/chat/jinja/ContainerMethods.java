package dev.loquat.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The methods of mappings and lists that change nothing. */
final class ContainerMethods {

  private ContainerMethods() {}

  static Object of(Map<?, ?> map, String name) {
    return switch (name) {
      case "items" -> counted(map.size(), (a, c) -> items(map));
      case "keys" -> counted(map.size(), (a, c) -> new ArrayList<Object>(map.keySet()));
      case "values" -> counted(map.size(), (a, c) -> new ArrayList<Object>(map.values()));
      case "get" -> (Callable) (a, c) -> get(map, a);
      default -> Attributes.missing(name);
    };
  }

  static Object of(List<?> list, String name) {
    return switch (name) {
      case "index" -> counted(list.size(), (a, c) -> index(list, a.require(0, "value")));
      case "count" ->
          counted(
              list.size(),
              (a, c) ->
                  list.stream()
                      .filter(item -> Values.areEqual(item, a.require(0, "value")))
                      .count());
      default -> Attributes.missing(name);
    };
  }

  static List<Object> items(Map<?, ?> map) {
    List<Object> items = new ArrayList<>();
    map.forEach((key, value) -> items.add(List.of(key, value)));
    return items;
  }

  private static Object get(Map<?, ?> map, Arguments arguments) {
    Object value = map.get(arguments.require(0, "key"));
    return value == null ? arguments.get(1, "default", None.NONE) : value;
  }

  private static long index(List<?> list, Object value) {
    for (int i = 0; i < list.size(); i++) {
      if (Values.areEqual(list.get(i), value)) {
        return i;
      }
    }
    throw new TemplateError("the list does not have " + Values.text(value));
  }

  private static Callable counted(int steps, Callable method) {
    return (arguments, context) -> {
      context.spend(steps);
      return method.call(arguments, context);
    };
  }
}
