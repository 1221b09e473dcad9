package dev.loquat.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The methods of a string, as in Python. */
final class StringMethods {

  private StringMethods() {}

  static Object of(String text, String name) {
    Callable method = method(text, name);
    return method == null
        ? Attributes.missing(name)
        : (Callable)
            (arguments, context) -> {
              context.spend(text.length());
              return method.call(arguments, context);
            };
  }

  private static @Nullable Callable method(String text, String name) {
    return switch (name) {
      case "strip" -> (a, c) -> Strings.stripEnd(Strings.stripStart(text, set(a)), set(a));
      case "lstrip" -> (a, c) -> Strings.stripStart(text, set(a));
      case "rstrip" -> (a, c) -> Strings.stripEnd(text, set(a));
      case "split" -> (a, c) -> split(text, a, c);
      case "rsplit" -> (a, c) -> rsplit(text, a, c);
      case "splitlines" -> (a, c) -> lines(text, c);
      case "startswith" -> (a, c) -> affixes(a).stream().anyMatch(text::startsWith);
      case "endswith" -> (a, c) -> affixes(a).stream().anyMatch(text::endsWith);
      case "upper" -> (a, c) -> Strings.upper(text);
      case "lower" -> (a, c) -> Strings.lower(text);
      case "title" -> (a, c) -> Strings.title(text);
      case "capitalize" -> (a, c) -> Strings.capitalize(text);
      case "replace" -> (a, c) -> replace(text, a, c);
      case "find" -> (a, c) -> position(text, text.indexOf(a.text(0, "sub")));
      case "rfind" -> (a, c) -> position(text, text.lastIndexOf(a.text(0, "sub")));
      case "count" -> (a, c) -> (long) pieces(text, a.text(0, "sub"), -1, c).size() - 1;
      case "join" -> (a, c) -> join(text, c.items(a.require(0, "iterable")), c);
      case "removeprefix" ->
          (a, c) ->
              text.startsWith(a.text(0, "prefix"))
                  ? text.substring(a.text(0, "prefix").length())
                  : text;
      case "removesuffix" ->
          (a, c) ->
              text.endsWith(a.text(0, "suffix"))
                  ? text.substring(0, text.length() - a.text(0, "suffix").length())
                  : text;
      case "isdigit" -> (a, c) -> !text.isEmpty() && text.codePoints().allMatch(Character::isDigit);
      case "isalpha" ->
          (a, c) -> !text.isEmpty() && text.codePoints().allMatch(Character::isLetter);
      case "isspace" -> (a, c) -> !text.isEmpty() && text.codePoints().allMatch(Strings::isSpace);
      case "isupper" ->
          (a, c) -> text.equals(Strings.upper(text)) && !text.equals(Strings.lower(text));
      case "islower" ->
          (a, c) -> text.equals(Strings.lower(text)) && !text.equals(Strings.upper(text));
      default -> null;
    };
  }

  static String join(String separator, List<Object> items, Context context) {
    StringBuilder joined = new StringBuilder();
    String between = "";
    for (Object item : items) {
      joined.append(between).append(Values.text(item));
      Values.checkLength(joined.length());
      between = separator;
    }
    return context.made(joined.toString());
  }

  static String replace(String text, Arguments arguments, Context context) {
    String old = arguments.text(0, "old");
    String replacement = arguments.text(1, "new");
    long most = arguments.integer(2, "count", -1);
    if (old.isEmpty()) {
      throw new TemplateError("replace of an empty string is not supported");
    }
    List<Object> pieces = new ArrayList<>(pieces(text, old, most, context));
    return join(replacement, pieces, context);
  }

  private static IntPredicate set(Arguments arguments) {
    if (arguments.get(0, "chars", None.NONE) == None.NONE) {
      return Strings::isSpace;
    }
    String characters = arguments.text(0, "chars");
    return c -> characters.indexOf(c) >= 0;
  }

  private static List<String> affixes(Arguments arguments) {
    if (arguments.require(0, "prefix") instanceof List<?> list) {
      return list.stream().map(Values::text).toList();
    }
    return List.of(arguments.text(0, "prefix"));
  }

  private static List<Object> split(String text, Arguments arguments, Context context) {
    long most = arguments.integer(1, "maxsplit", -1);
    return arguments.get(0, "sep", None.NONE) == None.NONE
        ? words(text, most, context)
        : new ArrayList<>(pieces(text, separator(arguments), most, context));
  }

  private static List<Object> lines(String text, Context context) {
    List<Object> lines = new ArrayList<>();
    text.lines().peek(line -> context.spend(Limits.PIECE_STEPS)).forEach(lines::add);
    return lines;
  }

  private static List<Object> words(String text, long most, Context context) {
    List<Object> words = new ArrayList<>();
    int start = skip(text, 0, true);
    while (start < text.length()) {
      context.spend(Limits.PIECE_STEPS);
      boolean isRest = most >= 0 && words.size() == most;
      int end = isRest ? text.length() : skip(text, start, false);
      words.add(isRest ? Strings.stripEnd(text.substring(start)) : text.substring(start, end));
      start = skip(text, end, true);
    }
    return words;
  }

  private static int skip(String text, int from, boolean spaces) {
    int index = from;
    while (index < text.length() && Strings.isSpace(text.charAt(index)) == spaces) {
      index++;
    }
    return index;
  }

  private static List<Object> rsplit(String text, Arguments arguments, Context context) {
    String separator = separator(arguments);
    List<String> all = pieces(text, separator, -1, context);
    long most = arguments.integer(1, "maxsplit", -1);
    int head = most < 0 ? 1 : (int) Math.max(1, all.size() - most);
    List<Object> pieces = new ArrayList<>();
    pieces.add(String.join(separator, all.subList(0, head)));
    pieces.addAll(all.subList(head, all.size()));
    return pieces;
  }

  private static String separator(Arguments arguments) {
    String separator = arguments.text(0, "sep");
    if (separator.isEmpty()) {
      throw new TemplateError("split at an empty string");
    }
    return separator;
  }

  private static List<String> pieces(String text, String separator, long most, Context context) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    int next = text.indexOf(separator);
    while (next >= 0 && most-- != 0 && !separator.isEmpty()) {
      context.spend(Limits.PIECE_STEPS);
      pieces.add(text.substring(from, next));
      from = next + separator.length();
      next = text.indexOf(separator, from);
    }
    pieces.add(text.substring(from));
    return pieces;
  }

  private static long position(String text, int index) {
    return index < 0 ? -1 : text.codePointCount(0, index);
  }
}
