package dev.loquat.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The filters that go through elements. */
final class ListFilters {

  /** A filter of a value's elements. */
  interface ListFilter {
    Object apply(List<Object> items, Arguments arguments, Context context);
  }

  private ListFilters() {}

  static Filter of(ListFilter filter) {
    return (value, arguments, context) -> {
      List<Object> items = context.items(value);
      context.making(items.size());
      return filter.apply(items, arguments, context);
    };
  }

  static Object first(List<Object> items, Arguments arguments, Context context) {
    return items.isEmpty() ? new Undefined("the first item") : items.get(0);
  }

  static Object last(List<Object> items, Arguments arguments, Context context) {
    return items.isEmpty() ? new Undefined("the last item") : items.get(items.size() - 1);
  }

  static Object min(List<Object> items, Arguments arguments, Context context) {
    return items.stream().min(order(context)).orElse(new Undefined("the least item"));
  }

  static Object max(List<Object> items, Arguments arguments, Context context) {
    return items.stream().max(order(context)).orElse(new Undefined("the greatest item"));
  }

  static Object sum(List<Object> items, Arguments arguments, Context context) {
    return items.stream().reduce(0L, (a, b) -> Operators.apply("+", a, b, context));
  }

  static Object join(List<Object> items, Arguments arguments, Context context) {
    UnaryOperator<Object> part = part(arguments.get(1, "attribute", None.NONE), context);
    String separator = context.text(arguments.get(0, "d", ""));
    return StringMethods.join(separator, items.stream().map(part).toList(), context);
  }

  static Object reverse(Object value, Arguments arguments, Context context) {
    if (value instanceof String text) {
      return context.made(new StringBuilder(text).reverse().toString());
    }
    context.making(Values.length(value));
    List<Object> reversed = new ArrayList<>(context.items(value));
    Collections.reverse(reversed);
    return reversed;
  }

  static Object sort(List<Object> items, Arguments arguments, Context context) {
    boolean descending = Values.isTrue(arguments.get(0, "reverse", false));
    boolean exact = Values.isTrue(arguments.get(1, "case_sensitive", false));
    UnaryOperator<Object> part = part(arguments.get(2, "attribute", None.NONE), context);
    Comparator<Object> order = Comparator.comparing(part, exact ? order(context) : folded(context));
    return items.stream().sorted(descending ? order.reversed() : order).toList();
  }

  static Object dictsort(Object value, Arguments arguments, Context context) {
    Object entries = Filters.apply("items", value, Arguments.NONE, context);
    Map<String, Object> options =
        Map.of(
            "reverse", arguments.get(2, "reverse", false),
            "case_sensitive", arguments.get(0, "case_sensitive", false),
            "attribute", arguments.get(1, "by", "key").equals("value") ? 1L : 0L);
    return sort(context.items(entries), new Arguments(List.of(), options), context);
  }

  private static Comparator<Object> order(Context context) {
    return (left, right) -> Comparisons.compare(left, right, context);
  }

  private static Comparator<Object> folded(Context context) {
    return Comparator.comparing(value -> folded(value, context), order(context));
  }

  private static Object folded(Object value, Context context) {
    return value instanceof String text ? context.made(Strings.lower(text)) : value;
  }

  static Object unique(List<Object> items, Arguments arguments, Context context) {
    List<Object> unique = new ArrayList<>();
    for (Object item : items) {
      if (!Operators.contains(unique, item, context)) {
        unique.add(item);
      }
    }
    return unique;
  }

  static Object map(List<Object> items, Arguments arguments, Context context) {
    return items.stream().map(item -> mapped(item, arguments, context)).toList();
  }

  private static Object mapped(Object item, Arguments arguments, Context context) {
    Object attribute = arguments.named().get("attribute");
    if (attribute == null) {
      return Filters.apply(arguments.text(0, "filter"), item, arguments.tail(1), context);
    }
    Object value = part(attribute, context).apply(item);
    return value instanceof Undefined ? arguments.named().getOrDefault("default", value) : value;
  }

  static Object select(List<Object> items, Arguments arguments, Context context) {
    return items.stream().filter(selected(arguments, 0, context)).toList();
  }

  static Object reject(List<Object> items, Arguments arguments, Context context) {
    return items.stream().filter(selected(arguments, 0, context).negate()).toList();
  }

  static Object selectByAttribute(List<Object> items, Arguments arguments, Context context) {
    return items.stream().filter(byAttribute(arguments, context)).toList();
  }

  static Object rejectByAttribute(List<Object> items, Arguments arguments, Context context) {
    return items.stream().filter(byAttribute(arguments, context).negate()).toList();
  }

  private static Predicate<Object> selected(Arguments arguments, int index, Context context) {
    return item ->
        arguments.size() <= index
            ? Values.isTrue(item)
            : Tests.holds(arguments.text(index, "test"), item, arguments.tail(index + 1), context);
  }

  private static Predicate<Object> byAttribute(Arguments arguments, Context context) {
    UnaryOperator<Object> part = part(arguments.text(0, "attribute"), context);
    return item -> selected(arguments, 1, context).test(part.apply(item));
  }

  /** What an item has at an index, or a path of attributes with dots; none is the item itself. */
  private static UnaryOperator<Object> part(Object attributes, Context context) {
    if (attributes == None.NONE) {
      return UnaryOperator.identity();
    }
    if (attributes instanceof Long index) {
      return item -> Attributes.item(item, index, context);
    }
    String path = context.text(attributes);
    context.spend(Limits.PIECE_STEPS * path.length());
    List<String> names = List.of(path.split("\\.", -1));
    return item -> inside(item, names, context);
  }

  private static Object inside(Object item, List<String> names, Context context) {
    Object value = item;
    for (String name : names) {
      value = Attributes.item(value, name, context);
    }
    return value;
  }
}
