package dev.loquat.chat.jinja;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The filters by name, and those for values of any type. */
final class Filters {

  private static final Map<String, Filter> FILTERS =
      Map.ofEntries(
          entry("abs", NumberFilters::abs),
          entry("capitalize", TextFilters.method("capitalize")),
          entry("count", Filters::length),
          entry("d", Filters::otherwise),
          entry("default", Filters::otherwise),
          entry("dictsort", ListFilters::dictsort),
          entry("e", TextFilters::escape),
          entry("escape", TextFilters::escape),
          entry("first", ListFilters.of(ListFilters::first)),
          entry("float", NumberFilters::decimal),
          entry("indent", TextFilters::indent),
          entry("int", NumberFilters::integer),
          entry("items", Filters::items),
          entry("join", ListFilters.of(ListFilters::join)),
          entry("last", ListFilters.of(ListFilters::last)),
          entry("length", Filters::length),
          entry("list", ListFilters.of((items, arguments, context) -> items)),
          entry("lower", TextFilters.method("lower")),
          entry("map", ListFilters.of(ListFilters::map)),
          entry("max", ListFilters.of(ListFilters::max)),
          entry("min", ListFilters.of(ListFilters::min)),
          entry("reject", ListFilters.of(ListFilters::reject)),
          entry("rejectattr", ListFilters.of(ListFilters::rejectByAttribute)),
          entry("replace", TextFilters::replace),
          entry("reverse", ListFilters::reverse),
          entry("round", NumberFilters::round),
          entry("safe", (value, arguments, context) -> value),
          entry("select", ListFilters.of(ListFilters::select)),
          entry("selectattr", ListFilters.of(ListFilters::selectByAttribute)),
          entry("sort", ListFilters.of(ListFilters::sort)),
          entry("string", (value, arguments, context) -> context.text(value)),
          entry("sum", ListFilters.of(ListFilters::sum)),
          entry("title", TextFilters.method("title")),
          entry("tojson", Filters::json),
          entry("trim", TextFilters.method("strip")),
          entry("unique", ListFilters.of(ListFilters::unique)),
          entry("upper", TextFilters.method("upper")));

  private Filters() {}

  static Object apply(String name, Object value, Arguments arguments, Context context) {
    Filter filter = FILTERS.get(name);
    if (filter == null) {
      throw new TemplateError("no filter is named '" + name + "'");
    }
    return filter.apply(value, arguments, context);
  }

  private static Object length(Object value, Arguments arguments, Context context) {
    context.spend(value instanceof String text ? text.length() : 1);
    return Values.length(value);
  }

  private static Object otherwise(Object value, Arguments arguments, Context context) {
    boolean replaces =
        value instanceof Undefined
            || (!Values.isTrue(value) && Values.isTrue(arguments.get(1, "boolean", false)));
    return replaces ? arguments.get(0, "default_value", "") : value;
  }

  /** The function {@code tojson} takes the value first. */
  private static Object json(Object value, Arguments arguments, Context context) {
    List<Object> all = new ArrayList<>(List.of(value));
    all.addAll(arguments.positional());
    return Json.of(value, new Arguments(all, arguments.named()), context);
  }

  private static Object items(Object value, Arguments arguments, Context context) {
    if (value instanceof Map<?, ?> map) {
      return ContainerMethods.items(map, context);
    }
    if (value instanceof Undefined) {
      return List.of();
    }
    throw new TemplateError("items needs a mapping, not " + Values.type(value));
  }
}
