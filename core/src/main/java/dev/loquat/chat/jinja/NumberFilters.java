package dev.loquat.chat.jinja;

/** The filters that give numbers. */
final class NumberFilters {

  private NumberFilters() {}

  static Object abs(Object value, Arguments arguments, Context context) {
    return Comparisons.compare(value, 0L, context) < 0 ? Operators.negate(value) : value;
  }

  static Object integer(Object value, Arguments arguments, Context context) {
    Number number = Values.number(value);
    try {
      return number == null ? Long.parseLong(read(value, context).strip()) : number.longValue();
    } catch (NumberFormatException e) {
      return arguments.get(0, "default", 0L);
    }
  }

  static Object decimal(Object value, Arguments arguments, Context context) {
    Number number = Values.number(value);
    try {
      return number == null ? Double.parseDouble(read(value, context)) : number.doubleValue();
    } catch (NumberFormatException e) {
      return arguments.get(0, "default", 0.0);
    }
  }

  private static String read(Object value, Context context) {
    String text = context.text(value);
    context.spend(text.length());
    return text;
  }

  static Object round(Object value, Arguments arguments, Context context) {
    Number number = Values.number(value);
    if (number == null) {
      throw new TemplateError("round needs a number, not " + Values.type(value));
    }
    double scale = Math.pow(10, (double) arguments.integer(0, "precision", 0));
    double scaled = number.doubleValue() * scale;
    double rounded =
        switch (context.text(arguments.get(1, "method", "common"))) {
          case "ceil" -> Math.ceil(scaled);
          case "floor" -> Math.floor(scaled);
          default -> Math.rint(scaled);
        };
    return rounded / scale;
  }
}
