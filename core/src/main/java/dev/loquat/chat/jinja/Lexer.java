package dev.loquat.chat.jinja;

import dev.loquat.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits a template into tokens, with {@code trim_blocks} and {@code lstrip_blocks} on. */
final class Lexer {

  private static final Pattern BEGIN = Pattern.compile("\\{[{%#]");
  private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-?)%\\}");
  private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}");
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
  private static final Pattern FLOAT =
      Pattern.compile("\\d[\\d_]*(\\.\\d[\\d_]*([eE][+-]?\\d+)?|[eE][+-]?\\d+)");
  private static final Pattern INTEGER = Pattern.compile("\\d[\\d_]*");
  private static final Pattern OPERATOR =
      Pattern.compile("\\*\\*|//|==|!=|<=|>=|[-+*/%~<>=.,:|()\\[\\]{}]");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int position;
  private int line = 1;

  /** Whether the text that comes begins a line. */
  private boolean lineStarting = true;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String template) {
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    int end = source.endsWith("\n") ? source.length() - 1 : source.length();
    return new Lexer(source.substring(0, end)).run();
  }

  private List<Token> run() {
    Matcher begin = BEGIN.matcher(source);
    while (begin.find(position)) {
      text(begin.start());
      switch (source.charAt(begin.start() + 1)) {
        case '#' -> comment();
        case '%' -> block();
        default -> tag(Kind.OUTPUT_BEGIN, Kind.OUTPUT_END, "}}");
      }
    }
    add(Kind.TEXT, source.substring(position));
    advance(source.length());
    add(Kind.END, "the end of the template");
    return tokens;
  }

  /** Takes the text before a tag, without the white space that the tag takes off it. */
  private void text(int tag) {
    String text = source.substring(position, tag);
    char sign = charAt(tag + 2);
    if (sign == '-') {
      text = Strings.stripEnd(text);
    } else if (sign != '+' && source.charAt(tag + 1) != '{') {
      int lineStart = text.lastIndexOf('\n') + 1;
      boolean blank = Strings.stripEnd(text.substring(lineStart)).isEmpty();
      if (blank && (lineStart > 0 || lineStarting)) {
        text = text.substring(0, lineStart);
      }
    }
    add(Kind.TEXT, text);
    advance(tag);
  }

  private void comment() {
    int end = source.indexOf("#}", position + 2);
    if (end < 0) {
      throw error("a comment is not closed with #}");
    }
    endTag(end);
  }

  private void block() {
    Matcher raw = RAW.matcher(source).region(position, source.length());
    if (raw.lookingAt()) {
      raw(raw.end(), !raw.group(1).isEmpty());
    } else {
      tag(Kind.BLOCK_BEGIN, Kind.BLOCK_END, "%}");
    }
  }

  private void raw(int from, boolean strips) {
    Matcher end = END_RAW.matcher(source);
    if (!end.find(from)) {
      throw error("raw is not closed with endraw");
    }
    String text = source.substring(from, end.start());
    text = strips ? Strings.stripStart(text) : text.startsWith("\n") ? text.substring(1) : text;
    add(Kind.TEXT, end.group(1).equals("-") ? Strings.stripEnd(text) : text);
    endTag(end.end() - 2);
  }

  private void tag(Kind begin, Kind end, String close) {
    add(begin, close);
    char sign = charAt(position + 2);
    advance(position + (sign == '-' || sign == '+' ? 3 : 2));
    int open = 0;
    while (true) {
      skipSpace();
      if (open == 0 && closes(close)) {
        break;
      }
      Token token = token();
      open += "([{".contains(token.text()) ? 1 : ")]}".contains(token.text()) ? -1 : 0;
    }
    add(end, close);
    endTag(charAt(position) == close.charAt(0) ? position : position + 1);
  }

  private boolean closes(String close) {
    boolean signed = charAt(position) == '-' || charAt(position) == '+';
    return source.startsWith(close, position) || (signed && source.startsWith(close, position + 1));
  }

  /** Ends a tag whose two closing characters are at the index. */
  private void endTag(int close) {
    boolean isOutput = source.charAt(close) == '}';
    char sign = charAt(close - 1);
    int next = close + 2;
    if (sign == '-') {
      while (next < source.length() && Strings.isSpace(source.charAt(next))) {
        next++;
      }
    } else if (sign != '+' && !isOutput && charAt(next) == '\n') {
      next++;
    }
    lineStarting = source.charAt(next - 1) == '\n';
    advance(next);
  }

  private Token token() {
    char c = charAt(position);
    if (c == '\'' || c == '"') {
      return string(c);
    }
    if (!match(NAME, Kind.NAME)
        && !match(FLOAT, Kind.FLOAT)
        && !match(INTEGER, Kind.INTEGER)
        && !match(OPERATOR, Kind.OPERATOR)) {
      throw error(
          position == source.length() ? "a tag is not closed" : "unexpected character '" + c + "'");
    }
    return tokens.get(tokens.size() - 1);
  }

  private boolean match(Pattern pattern, Kind kind) {
    Matcher matcher = pattern.matcher(source).region(position, source.length());
    if (!matcher.lookingAt()) {
      return false;
    }
    add(kind, matcher.group());
    advance(matcher.end());
    return true;
  }

  private Token string(char quote) {
    int end = position + 1;
    while (charAt(end) != quote) {
      end += charAt(end) == '\\' ? 2 : 1;
      if (end >= source.length()) {
        throw error("a string is not closed");
      }
    }
    Token token =
        new Token(Kind.STRING, Strings.unescape(source.substring(position + 1, end)), line);
    tokens.add(token);
    advance(end + 1);
    return new Token(Kind.STRING, "string", line);
  }

  private void skipSpace() {
    int next = position;
    while (next < source.length() && Strings.isSpace(source.charAt(next))) {
      next++;
    }
    advance(next);
  }

  private char charAt(int index) {
    return index < source.length() ? source.charAt(index) : '\0';
  }

  private void advance(int next) {
    for (int i = position; i < next; i++) {
      line += source.charAt(i) == '\n' ? 1 : 0;
    }
    position = next;
  }

  private void add(Kind kind, String text) {
    if (kind != Kind.TEXT || !text.isEmpty()) {
      tokens.add(new Token(kind, text, line));
    }
  }

  private TemplateError error(String message) {
    return new TemplateError("line " + line + ": " + message);
  }
}
