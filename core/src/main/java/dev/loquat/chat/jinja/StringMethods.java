package dev.loquat.chat.jinja;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/** The methods of a string, as in Python. */
final class StringMethods {

  private static final Map<String, TextMethod> METHODS =
      Map.ofEntries(
          entry("capitalize", (text, a, c) -> Strings.capitalize(text)),
          entry("count", StringMethods::count),
          entry("endswith", (text, a, c) -> hasAffix(text, a, c, String::endsWith)),
          entry("find", (text, a, c) -> index(text, needle(a).first(text, 0))),
          entry("isalpha", (text, a, c) -> all(text, Character::isLetter)),
          entry("isdigit", (text, a, c) -> all(text, Character::isDigit)),
          entry("islower", (text, a, c) -> isCased(text, Strings.lower(text))),
          entry("isspace", (text, a, c) -> all(text, Strings::isSpace)),
          entry("isupper", (text, a, c) -> isCased(text, Strings.upper(text))),
          entry("join", (text, a, c) -> join(text, c.items(a.require(0, "iterable")), c)),
          entry("lower", (text, a, c) -> Strings.lower(text)),
          entry("lstrip", (text, a, c) -> Strings.stripStart(text, stripped(a))),
          entry("removeprefix", StringMethods::removePrefix),
          entry("removesuffix", StringMethods::removeSuffix),
          entry("replace", StringMethods::replace),
          entry("rfind", (text, a, c) -> index(text, needle(a).last(text))),
          entry("rsplit", Splitting::rsplit),
          entry("rstrip", (text, a, c) -> Strings.stripEnd(text, stripped(a))),
          entry("split", Splitting::split),
          entry("splitlines", Splitting::lines),
          entry("startswith", (text, a, c) -> hasAffix(text, a, c, String::startsWith)),
          entry("strip", StringMethods::strip),
          entry("title", (text, a, c) -> Strings.title(text)),
          entry("upper", (text, a, c) -> Strings.upper(text)));

  private StringMethods() {}

  static Object of(String text, String name) {
    TextMethod method = METHODS.get(name);
    return method == null
        ? Attributes.missing(name)
        : (Callable) (arguments, context) -> call(method, text, arguments, context);
  }

  private static Object call(TextMethod method, String text, Arguments arguments, Context context) {
    context.spend(text.length());
    for (Object argument : arguments.all()) {
      context.spend(argument instanceof String given ? given.length() : 1);
    }
    Object value = method.call(text, arguments, context);
    return value instanceof String made ? context.made(made) : value;
  }

  static String join(String separator, List<Object> items, Context context) {
    StringBuilder joined = new StringBuilder();
    String between = "";
    for (Object item : items) {
      joined.append(between).append(context.text(item));
      Limits.checkText(joined.length());
      between = separator;
    }
    return context.made(joined.toString());
  }

  private static Object replace(String text, Arguments arguments, Context context) {
    String old = arguments.text(0, "old");
    String replacement = arguments.text(1, "new");
    long most = arguments.integer(2, "count", -1);
    if (old.isEmpty()) {
      throw new TemplateError("replace of an empty string is not supported");
    }
    return join(replacement, Splitting.pieces(text, old, most, context), context);
  }

  private static Object count(String text, Arguments arguments, Context context) {
    String sub = arguments.text(0, "sub");
    return sub.isEmpty()
        ? Values.length(text) + 1
        : Splitting.pieces(text, sub, -1, context).size() - 1L;
  }

  private static Object strip(String text, Arguments arguments, Context context) {
    IntPredicate stripped = stripped(arguments);
    return Strings.stripEnd(Strings.stripStart(text, stripped), stripped);
  }

  private static IntPredicate stripped(Arguments arguments) {
    if (arguments.get(0, "chars", None.NONE) == None.NONE) {
      return Strings::isSpace;
    }
    Set<Integer> characters =
        arguments.text(0, "chars").codePoints().boxed().collect(Collectors.toSet());
    return characters::contains;
  }

  private static Object removePrefix(String text, Arguments arguments, Context context) {
    String prefix = arguments.text(0, "prefix");
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static Object removeSuffix(String text, Arguments arguments, Context context) {
    String suffix = arguments.text(0, "suffix");
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }

  private static boolean hasAffix(
      String text, Arguments arguments, Context context, BiPredicate<String, String> has) {
    if (arguments.require(0, "prefix") instanceof List<?> affixes) {
      return affixes.stream().anyMatch(affix -> has.test(text, affix(affix, context)));
    }
    return has.test(text, arguments.text(0, "prefix"));
  }

  private static String affix(Object affix, Context context) {
    if (affix instanceof String text) {
      context.spend(1 + text.length());
      return text;
    }
    throw new TemplateError("an affix is a string, not " + Values.type(affix));
  }

  private static Needle needle(Arguments arguments) {
    return new Needle(arguments.text(0, "sub"));
  }

  private static boolean all(String text, IntPredicate holds) {
    return !text.isEmpty() && text.codePoints().allMatch(holds);
  }

  private static boolean isCased(String text, String cased) {
    return text.equals(cased) && !Strings.lower(text).equals(Strings.upper(text));
  }

  private static long index(String text, int place) {
    return place < 0 ? -1 : text.codePointCount(0, place);
  }
}
