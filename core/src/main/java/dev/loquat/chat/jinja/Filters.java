package dev.loquat.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What can stand behind a bar. */
final class Filters {

  private Filters() {}

  static Object apply(String name, Object value, Arguments arguments, Context context) {
    return switch (name) {
      case "default", "d" -> otherwise(value, arguments);
      case "tojson" -> context.made(Json.of(value, shifted(value, arguments)));
      case "string" -> context.made(Values.text(value));
      case "safe" -> value;
      case "length", "count" -> length(value, context);
      case "abs" -> Values.compare(value, 0L) < 0 ? Operators.negate(value) : value;
      case "int" -> integer(value, arguments);
      case "float" -> decimal(value, arguments);
      case "round" -> round(value, arguments);
      default -> name.equals("items") ? items(value) : ofText(name, value, arguments, context);
    };
  }

  private static Object ofText(String name, Object value, Arguments arguments, Context context) {
    return switch (name) {
      case "trim" -> method("strip", value, arguments, context);
      case "upper", "lower", "title", "capitalize", "replace" ->
          method(name, value, arguments, context);
      case "indent" -> indent(Values.text(value), arguments, context);
      case "escape", "e" -> context.made(escape(Values.text(value)));
      default -> ofList(name, value, arguments, context);
    };
  }

  private static Object ofList(String name, Object value, Arguments arguments, Context context) {
    List<Object> items = context.items(value);
    return switch (name) {
      case "list" -> items;
      case "first" -> items.isEmpty() ? new Undefined("the first item") : items.get(0);
      case "last" -> items.isEmpty() ? new Undefined("the last item") : items.get(items.size() - 1);
      case "join" -> join(items, arguments, context);
      case "reverse" -> reverse(value, items);
      case "sort" -> sorted(items, arguments);
      case "dictsort" -> sorted(items(value), Arguments.NONE);
      case "unique" -> unique(items, context);
      case "min" -> items.stream().min(Values::compare).orElse(new Undefined("the least item"));
      case "max" -> items.stream().max(Values::compare).orElse(new Undefined("the greatest item"));
      case "sum" -> items.stream().reduce(0L, (a, b) -> Operators.apply("+", a, b, context));
      case "map" -> items.stream().map(item -> mapped(item, arguments, context)).toList();
      case "select" -> items.stream().filter(selected(arguments, 0, context)).toList();
      case "reject" -> items.stream().filter(selected(arguments, 0, context).negate()).toList();
      case "selectattr" -> items.stream().filter(byAttribute(arguments, context)).toList();
      case "rejectattr" -> items.stream().filter(byAttribute(arguments, context).negate()).toList();
      default -> throw new TemplateError("no filter is named '" + name + "'");
    };
  }

  private static long length(Object value, Context context) {
    context.spend(value instanceof String text ? text.length() : 1);
    return Values.length(value);
  }

  private static Object otherwise(Object value, Arguments arguments) {
    boolean replaces =
        value instanceof Undefined
            || (!Values.isTrue(value) && Values.isTrue(arguments.get(1, "boolean", false)));
    return replaces ? arguments.get(0, "default_value", "") : value;
  }

  /** As the function tojson takes them: the value first. */
  private static Arguments shifted(Object value, Arguments arguments) {
    List<Object> all = new ArrayList<>(List.of(value));
    all.addAll(arguments.positional());
    return new Arguments(all, arguments.named());
  }

  private static Object method(String name, Object value, Arguments arguments, Context context) {
    if (value instanceof Undefined && !name.equals("replace")) {
      return "";
    }
    Object method = StringMethods.of(Values.text(value), name);
    return ((Callable) method).call(arguments, context);
  }

  private static Object items(Object value) {
    if (value instanceof Map<?, ?> map) {
      return ContainerMethods.items(map);
    }
    if (value instanceof Undefined) {
      return List.of();
    }
    throw new TemplateError("items needs a mapping, not " + Values.type(value));
  }

  private static String indent(String text, Arguments arguments, Context context) {
    Object width = arguments.get(0, "width", 4L);
    Object prefix = width instanceof Long count ? Operators.apply("*", " ", count, context) : width;
    boolean first = Values.isTrue(arguments.get(1, "first", false));
    boolean blank = Values.isTrue(arguments.get(2, "blank", false));
    List<Object> lines = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      boolean indented = lines.isEmpty() ? first : blank || !line.isEmpty();
      lines.add(indented ? prefix + line : line);
    }
    return StringMethods.join("\n", lines, context);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace("\"", "&#34;");
  }

  private static Object integer(Object value, Arguments arguments) {
    Number number = Values.number(value);
    try {
      return number == null
          ? (Object) Long.parseLong(Values.text(value).strip())
          : number.longValue();
    } catch (NumberFormatException e) {
      return arguments.get(0, "default", 0L);
    }
  }

  private static Object decimal(Object value, Arguments arguments) {
    Number number = Values.number(value);
    try {
      return number == null ? Double.parseDouble(Values.text(value)) : number.doubleValue();
    } catch (NumberFormatException e) {
      return arguments.get(0, "default", 0.0);
    }
  }

  private static Object round(Object value, Arguments arguments) {
    Number number = Values.number(value);
    if (number == null) {
      throw new TemplateError("round needs a number, not " + Values.type(value));
    }
    double scale = Math.pow(10, (double) arguments.integer(0, "precision", 0));
    double scaled = number.doubleValue() * scale;
    String how = Values.text(arguments.get(1, "method", "common"));
    double rounded =
        how.equals("ceil")
            ? Math.ceil(scaled)
            : how.equals("floor") ? Math.floor(scaled) : Math.rint(scaled);
    return rounded / scale;
  }

  private static String join(List<Object> items, Arguments arguments, Context context) {
    Object attribute = arguments.get(1, "attribute", None.NONE);
    List<Object> joined =
        attribute == None.NONE
            ? items
            : items.stream().map(item -> path(item, Values.text(attribute))).toList();
    return StringMethods.join(Values.text(arguments.get(0, "d", "")), joined, context);
  }

  private static Object reverse(Object value, List<Object> items) {
    List<Object> reversed = new ArrayList<>(items);
    Collections.reverse(reversed);
    return value instanceof String text ? new StringBuilder(text).reverse().toString() : reversed;
  }

  private static List<Object> sorted(Object value, Arguments arguments) {
    Object attribute = arguments.get(2, "attribute", None.NONE);
    Comparator<Object> order =
        Comparator.comparing(
            item -> attribute == None.NONE ? item : path(item, Values.text(attribute)),
            Filters::compareIgnoringCase);
    boolean descending = Values.isTrue(arguments.get(0, "reverse", false));
    return Values.items(value).stream().sorted(descending ? order.reversed() : order).toList();
  }

  private static int compareIgnoringCase(Object left, Object right) {
    if (left instanceof List<?> pair && right instanceof List<?> other) {
      return compareIgnoringCase(pair.get(0), other.get(0));
    }
    return left instanceof String text && right instanceof String other
        ? Strings.lower(text).compareTo(Strings.lower(other))
        : Values.compare(left, right);
  }

  private static List<Object> unique(List<Object> items, Context context) {
    List<Object> unique = new ArrayList<>();
    for (Object item : items) {
      if (!Operators.contains(unique, item, context)) {
        unique.add(item);
      }
    }
    return unique;
  }

  private static Object mapped(Object item, Arguments arguments, Context context) {
    Object attribute = arguments.named().get("attribute");
    if (attribute == null) {
      return apply(arguments.text(0, "filter"), item, arguments.tail(1), context);
    }
    Object value = path(item, Values.text(attribute));
    return value instanceof Undefined ? arguments.named().getOrDefault("default", value) : value;
  }

  private static Predicate<Object> selected(Arguments arguments, int index, Context context) {
    return item ->
        arguments.size() <= index
            ? Values.isTrue(item)
            : Tests.holds(arguments.text(index, "test"), item, arguments.tail(index + 1), context);
  }

  private static Predicate<Object> byAttribute(Arguments arguments, Context context) {
    String attribute = arguments.text(0, "attribute");
    return item -> selected(arguments, 1, context).test(path(item, attribute));
  }

  private static Object path(Object item, String attributes) {
    Object value = item;
    for (String name : attributes.split("\\.", -1)) {
      value = Attributes.item(value, name);
    }
    return value;
  }
}
