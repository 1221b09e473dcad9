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
      case "split" -> (a, c) -> split(text, a);
      case "rsplit" -> (a, c) -> rsplit(text, a);
      case "splitlines" -> (a, c) -> new ArrayList<Object>(text.lines().toList());
      case "startswith" -> (a, c) -> affixes(a).stream().anyMatch(text::startsWith);
      case "endswith" -> (a, c) -> affixes(a).stream().anyMatch(text::endsWith);
      case "upper" -> (a, c) -> Strings.upper(text);
      case "lower" -> (a, c) -> Strings.lower(text);
      case "title" -> (a, c) -> Strings.title(text);
      case "capitalize" -> (a, c) -> Strings.capitalize(text);
      case "replace" -> (a, c) -> replace(text, a, c);
      case "find" -> (a, c) -> position(text, text.indexOf(a.text(0, "sub")));
      case "rfind" -> (a, c) -> position(text, text.lastIndexOf(a.text(0, "sub")));
      case "count" -> (a, c) -> (long) pieces(text, a.text(0, "sub"), -1).size() - 1;
      case "join" -> (a, c) -> join(text, Values.items(a.require(0, "iterable")), c);
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
    List<Object> pieces = new ArrayList<>(pieces(text, old, most));
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

  private static List<Object> split(String text, Arguments arguments) {
    long most = arguments.integer(1, "maxsplit", -1);
    if (arguments.get(0, "sep", None.NONE) != None.NONE) {
      return new ArrayList<>(pieces(text, separator(arguments), most));
    }
    String rest = Strings.stripStart(text);
    List<Object> words = new ArrayList<>();
    while (!rest.isEmpty() && most-- != 0) {
      String after = Strings.stripStart(rest, c -> !Strings.isSpace(c));
      words.add(rest.substring(0, rest.length() - after.length()));
      rest = Strings.stripStart(after);
    }
    if (!rest.isEmpty()) {
      words.add(rest);
    }
    return words;
  }

  private static List<Object> rsplit(String text, Arguments arguments) {
    String separator = separator(arguments);
    List<String> all = pieces(text, separator, -1);
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

  private static List<String> pieces(String text, String separator, long most) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    int next = text.indexOf(separator);
    while (next >= 0 && most-- != 0 && !separator.isEmpty()) {
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
