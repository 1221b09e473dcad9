package dev.loquat.chat.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/** The functions that a template finds without being given them. */
final class Globals {

  private Globals() {}

  static void define(Scope scope) {
    scope.set("range", (Callable) Globals::range);
    scope.set("namespace", (Callable) (a, context) -> new Namespace(mapping(a, context)));
    scope.set(
        "dict", (Callable) (a, context) -> new LinkedHashMap<Object, Object>(mapping(a, context)));
    scope.set("raise_exception", (Callable) Globals::raise);
    scope.set("strftime_now", (Callable) Globals::now);
    scope.set("tojson", (Callable) (a, context) -> Json.of(a.require(0, "x"), a, context));
  }

  private static Map<String, Object> mapping(Arguments arguments, Context context) {
    Map<String, Object> values = new LinkedHashMap<>();
    context.spend(Limits.PIECE_STEPS * (2L + arguments.named().size()));
    if (arguments.get(0, "", None.NONE) instanceof Map<?, ?> first) {
      context.spend(Limits.PIECE_STEPS * first.size());
      first.forEach((key, value) -> values.put(context.text(context.key(key)), value));
    }
    values.putAll(arguments.named());
    return values;
  }

  private static Object range(Arguments arguments, Context context) {
    boolean single = arguments.size() == 1;
    long from = single ? 0 : arguments.integer(0, "start", 0);
    long to = arguments.integer(single ? 0 : 1, "stop", 0);
    long step = arguments.integer(2, "step", 1);
    long count = count(from, to, step);
    if (Long.compareUnsigned(count, Limits.RANGE) > 0) {
      throw new TemplateError("a range has more than " + Limits.RANGE + " numbers");
    }
    context.spend(Limits.PIECE_STEPS * (1 + count));
    return LongStream.range(0, count).<Object>mapToObj(i -> from + i * step).toList();
  }

  /** How many numbers a range has, unsigned. */
  private static long count(long from, long to, long step) {
    if (step == 0) {
      throw new TemplateError("a range has step 0");
    }
    if (step > 0) {
      return from < to ? Long.divideUnsigned(to - from - 1, step) + 1 : 0;
    }
    return from > to ? Long.divideUnsigned(from - to - 1, -step) + 1 : 0;
  }

  private static Object raise(Arguments arguments, Context context) {
    throw new TemplateError(context.text(arguments.get(0, "message", "")));
  }

  private static Object now(Arguments arguments, Context context) {
    LocalDateTime time = LocalDateTime.now(context.clock());
    String format = arguments.text(0, "format");
    if (format.length() > Limits.FORMAT_CHARS) {
      throw new TemplateError(
          "the format of a time has more than " + Limits.FORMAT_CHARS + " characters");
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c == '%' && i + 1 < format.length()) {
        boolean unpadded = format.charAt(i + 1) == '-' && i + 2 < format.length();
        context.spend(Limits.PIECE_STEPS);
        i += unpadded ? 2 : 1;
        String value = field(time, format.charAt(i));
        text.append(unpadded ? value.replaceFirst("^0+(?=.)", "") : value);
      } else {
        text.append(c);
      }
    }
    return context.made(text.toString());
  }

  private static String field(LocalDateTime time, char field) {
    String pattern =
        switch (field) {
          case 'Y' -> "yyyy";
          case 'y' -> "yy";
          case 'm' -> "MM";
          case 'd' -> "dd";
          case 'B' -> "MMMM";
          case 'b', 'h' -> "MMM";
          case 'A' -> "EEEE";
          case 'a' -> "EEE";
          case 'H' -> "HH";
          case 'I' -> "hh";
          case 'M' -> "mm";
          case 'S' -> "ss";
          case 'f' -> "SSSSSS";
          case 'j' -> "DDD";
          case 'p' -> "a";
          case 'F' -> "yyyy-MM-dd";
          case 'T', 'X' -> "HH:mm:ss";
          case '%' -> "'%'";
          default -> throw new TemplateError("strftime_now does not know %" + field);
        };
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
  }
}
