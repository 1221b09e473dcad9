package dev.loquat.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** The methods of a string that take it apart. */
final class Splitting {

  private Splitting() {}

  static Object split(String text, Arguments arguments, Context context) {
    long most = arguments.integer(1, "maxsplit", -1);
    return arguments.get(0, "sep", None.NONE) == None.NONE
        ? words(text, most, context)
        : pieces(text, separator(arguments), most, context);
  }

  static Object rsplit(String text, Arguments arguments, Context context) {
    String separator = separator(arguments);
    List<Object> all = pieces(text, separator, -1, context);
    long most = arguments.integer(1, "maxsplit", -1);
    int head = most < 0 ? 1 : (int) Math.max(1, all.size() - most);
    List<Object> pieces = new ArrayList<>();
    pieces.add(StringMethods.join(separator, all.subList(0, head), context));
    pieces.addAll(all.subList(head, all.size()));
    return pieces;
  }

  static Object lines(String text, Arguments arguments, Context context) {
    List<Object> lines = new ArrayList<>();
    text.lines().forEach(line -> add(line, lines, context));
    return lines;
  }

  /** The parts between the places of a separator, which is not empty. */
  static List<Object> pieces(String text, String separator, long most, Context context) {
    Needle needle = new Needle(separator);
    List<Object> pieces = new ArrayList<>();
    int from = 0;
    int next = needle.first(text, 0);
    while (next >= 0 && (most < 0 || pieces.size() < most)) {
      add(text.substring(from, next), pieces, context);
      from = next + separator.length();
      next = needle.first(text, from);
    }
    add(text.substring(from), pieces, context);
    return pieces;
  }

  private static List<Object> words(String text, long most, Context context) {
    List<Object> words = new ArrayList<>();
    int start = skip(text, 0, true);
    while (start < text.length()) {
      boolean isRest = most >= 0 && words.size() == most;
      int end = isRest ? text.length() : skip(text, start, false);
      add(isRest ? text.substring(start) : text.substring(start, end), words, context);
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

  private static void add(String piece, List<Object> pieces, Context context) {
    context.spend(Limits.PIECE_STEPS);
    Limits.checkList(pieces.size() + 1);
    pieces.add(piece);
  }

  private static String separator(Arguments arguments) {
    String separator = arguments.text(0, "sep");
    if (separator.isEmpty()) {
      throw new TemplateError("split at an empty string");
    }
    return separator;
  }
}
