package dev.loquat.chat.jinja;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What can stand behind {@code is}. */
final class Tests {

  private Tests() {}

  static boolean holds(String name, Object value, Arguments arguments, Context context) {
    return switch (name) {
      case "defined" -> !(value instanceof Undefined);
      case "undefined" -> value instanceof Undefined;
      case "none" -> value == None.NONE;
      case "string" -> value instanceof String;
      case "mapping" -> value instanceof Map;
      case "iterable", "sequence" -> isIterable(value);
      case "number" -> value instanceof Number || value instanceof Boolean;
      case "integer" -> value instanceof Long;
      case "float" -> value instanceof Double;
      case "boolean" -> value instanceof Boolean;
      case "true" -> value.equals(true);
      case "false" -> value.equals(false);
      case "callable" -> value instanceof Callable;
      case "odd" -> remainder(value, 2L, context) == 1;
      case "even" -> remainder(value, 2L, context) == 0;
      case "divisibleby" -> remainder(value, arguments.require(0, "num"), context) == 0;
      case "lower" -> isCased(value, Strings::lower, context);
      case "upper" -> isCased(value, Strings::upper, context);
      case "in" -> Operators.contains(arguments.require(0, "seq"), value, context);
      default -> comparison(name, value, arguments, context);
    };
  }

  private static boolean isIterable(Object value) {
    return value instanceof String
        || value instanceof List
        || value instanceof Map
        || value instanceof Undefined;
  }

  private static boolean isCased(Object value, UnaryOperator<String> casing, Context context) {
    String text = context.text(value);
    context.spend(text.length());
    return text.equals(casing.apply(text));
  }

  private static long remainder(Object value, Object divisor, Context context) {
    return Operators.apply("%", value, divisor, context) instanceof Long rest ? rest : -1;
  }

  private static boolean comparison(
      String name, Object value, Arguments arguments, Context context) {
    String operator =
        switch (name) {
          case "==", "eq", "equalto" -> "==";
          case "!=", "ne" -> "!=";
          case "<", "lt", "lessthan" -> "<";
          case "<=", "le" -> "<=";
          case ">", "gt", "greaterthan" -> ">";
          case ">=", "ge" -> ">=";
          default -> throw new TemplateError("no test is named '" + name + "'");
        };
    Object other = arguments.get(0, "other", Attributes.missing("other"));
    return Values.isTrue(Operators.apply(operator, value, other, context));
  }
}
