package dev.loquat.chat.jinja;

/** The filters that take a text. */
final class TextFilters {

  private TextFilters() {}

  /** A method of strings as a filter; of what is undefined it makes an empty text. */
  static Filter method(String name) {
    return (value, arguments, context) ->
        value instanceof Undefined ? "" : call(name, value, arguments, context);
  }

  static Object replace(Object value, Arguments arguments, Context context) {
    return call("replace", value, arguments, context);
  }

  private static Object call(String name, Object value, Arguments arguments, Context context) {
    Object method = StringMethods.of(context.text(value), name);
    return ((Callable) method).call(arguments, context);
  }

  static Object indent(Object value, Arguments arguments, Context context) {
    String text = context.text(value);
    context.spend(text.length());
    Object width = arguments.get(0, "width", 4L);
    String prefix =
        context.text(width instanceof Long ? Operators.apply("*", " ", width, context) : width);
    boolean first = Values.isTrue(arguments.get(1, "first", false));
    boolean blank = Values.isTrue(arguments.get(2, "blank", false));
    StringBuilder out = new StringBuilder();
    for (int from = 0; from <= text.length(); ) {
      int end = text.indexOf('\n', from) < 0 ? text.length() : text.indexOf('\n', from);
      boolean indented = from == 0 ? first : blank || end > from;
      out.append(indented ? prefix : "").append(text, from, end);
      out.append(end < text.length() ? "\n" : "");
      Limits.checkText(out.length());
      from = end + 1;
    }
    return context.made(out.toString());
  }

  static Object escape(Object value, Arguments arguments, Context context) {
    String text = context.text(value);
    context.spend(text.length());
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      out.append(escaped(text.charAt(i)));
      Limits.checkText(out.length());
    }
    return context.made(out.toString());
  }

  private static String escaped(char c) {
    return switch (c) {
      case '&' -> "&amp;";
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      case '\'' -> "&#39;";
      case '"' -> "&#34;";
      default -> String.valueOf(c);
    };
  }
}
