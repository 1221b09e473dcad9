package dev.loquat.constraint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads a regular expression: literals, classes, groups, alternatives and repetitions in the syntax
 * that Java and ECMAScript share, with Java's meaning. What is no regular language (lookaround,
 * backreferences) is refused.
 */
final class RegexParser {
  static final int MAX_REPETITIONS = 10_000;
  private static final int MAX_DEPTH = 100;

  /** A range of characters comes to some sequences of bytes, each an expression with its parts. */
  private static final int EXPRS_A_SPAN = 16;

  private static final Pattern GROUP_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9]*");
  private final RegexReader reader;
  private final CharacterClasses classes;
  private final Spelling spelling;
  private final Work work;

  /** How many groups are open that are all of an alternative at the top. */
  private int groups;

  private final Map<CodePoints, Expr> spelled = new HashMap<>();

  private RegexParser(String pattern, Spelling spelling, Work work) {
    this.reader = new RegexReader(pattern);
    this.classes = new CharacterClasses(reader, work);
    this.spelling = spelling;
    this.work = work;
  }

  /** The texts that match one of Loquat's own patterns, in UTF-8. */
  static Expr whole(String pattern) {
    return whole(pattern, Utf8::spell, new Work());
  }

  /** The texts that match as a whole. */
  static Expr whole(String pattern, Spelling spelling, Work work) {
    List<Expr> options =
        new RegexParser(pattern, spelling, work).branches().stream().map(Branch::content).toList();
    return new Expr.Choice(options);
  }

  /** The texts in which a match can be found. */
  static Expr search(String pattern, Spelling spelling, Work work) {
    Expr anything = Expr.repeat(spelling.of(CodePoints.ALL), 0, Expr.Repeat.UNBOUNDED);
    return new Expr.Choice(
        new RegexParser(pattern, spelling, work)
            .branches().stream().map(branch -> branch.within(anything)).toList());
  }

  /** An alternative at the top. */
  private record Branch(boolean fromStart, Expr content, boolean toEnd) {
    Expr within(Expr anything) {
      return Expr.sequence(
          fromStart ? Expr.EMPTY : anything, content, toEnd ? Expr.EMPTY : anything);
    }
  }

  private List<Branch> branches() {
    List<Branch> branches = new ArrayList<>();
    do {
      branches.addAll(branch());
    } while (reader.skip("|"));
    return branches;
  }

  private List<Branch> branch() {
    boolean fromStart = reader.skip("^");
    if (reader.isAt("(") && reader.isAlternativeEnd(reader.groupEnd())) {
      return branchesInGroup(fromStart);
    }
    Expr content = sequence(0);
    Branch branch = new Branch(fromStart, content, reader.skip("$"));
    requireNoMoreAfterAnchor();
    return List.of(branch);
  }

  /** The alternatives of a group that is all of one: they may be anchored themselves. */
  private List<Branch> branchesInGroup(boolean fromStart) {
    int at = reader.position();
    requireDepth(at, ++groups);
    reader.skip("(");
    skipGroupKind(at);
    List<Branch> inner = branches();
    reader.skip(")");
    groups--;
    boolean toEnd = reader.skip("$");
    return inner.stream()
        .map(it -> new Branch(fromStart || it.fromStart, it.content, toEnd || it.toEnd))
        .toList();
  }

  private void requireNoMoreAfterAnchor() {
    if (reader.isAt(")") && groups == 0) {
      throw reader.error(reader.position(), "has an unmatched ')'", "escape it or open a group");
    }
    if (!reader.isAtEnd() && !reader.isAt("|") && !reader.isAt(")")) {
      throw reader.unsupported(reader.position() - 1, "'$' before the end");
    }
  }

  private Expr alternatives(int depth) {
    List<Expr> options = new ArrayList<>();
    do {
      options.add(sequence(depth));
    } while (reader.skip("|"));
    return options.size() == 1 ? options.get(0) : new Expr.Choice(options);
  }

  private Expr sequence(int depth) {
    List<Expr> parts = new ArrayList<>();
    while (!reader.isAtEnd() && !reader.isAt("|") && !reader.isAt(")")) {
      if (depth == 0 && reader.isAt("$")) {
        break;
      }
      parts.add(repeated(atom(depth)));
    }
    return new Expr.Sequence(parts);
  }

  private Expr atom(int depth) {
    int at = reader.position();
    int c = reader.next("a character");
    return switch (c) {
      case '(' -> group(at, depth + 1);
      case '[' -> spell(classes.bracket());
      case '.' -> spell(CharacterClasses.DOT);
      case '\\' -> spell(escape(at));
      case '^', '$' ->
          throw reader.unsupported(at, "'" + Character.toString(c) + "' inside the expression");
      case '*', '+', '?', '{' ->
          throw reader.error(
              at, "has '" + Character.toString(c) + "' with nothing to repeat", "escape it");
      default -> spell(classes.single(at, c));
    };
  }

  /** A set is spelled once in a pattern, however often it comes. */
  private Expr spell(CodePoints characters) {
    work.add(characters.spans().size());
    return spelled.computeIfAbsent(characters, this::spellNew);
  }

  private Expr spellNew(CodePoints characters) {
    work.add((long) EXPRS_A_SPAN * characters.spans().size());
    return spelling.of(characters);
  }

  private CodePoints escape(int at) {
    if (reader.isAt("b") || reader.isAt("B")) {
      throw reader.unsupported(at, "a word boundary");
    }
    return classes.escape();
  }

  private Expr group(int at, int depth) {
    requireDepth(at, depth);
    skipGroupKind(at);
    Expr content = alternatives(depth);
    if (!reader.skip(")")) {
      throw reader.error(at, "has a group that is not closed", "add ')'");
    }
    return content;
  }

  private void requireDepth(int at, int depth) {
    if (depth > MAX_DEPTH) {
      throw reader.error(at, "nests groups too deep", "expected at most " + MAX_DEPTH + " levels");
    }
  }

  private void skipGroupKind(int at) {
    if (!reader.skip("?") || reader.skip(":")) {
      return;
    }
    if (reader.isAt("=") || reader.isAt("!") || reader.isAt("<=") || reader.isAt("<!")) {
      throw reader.unsupported(at, "lookaround");
    }
    if (!reader.skip("<")) {
      throw reader.unsupported(at, "a group of the kind '(?'");
    }
    String name = reader.until('>');
    if (!GROUP_NAME.matcher(name).matches()) {
      throw reader.error(at, "names a group '" + name + "'", "expected letters and digits");
    }
  }

  private Expr repeated(Expr body) {
    int at = reader.position();
    Expr result = body;
    if (reader.skip("*")) {
      result = Expr.repeat(body, 0, Expr.Repeat.UNBOUNDED);
    } else if (reader.skip("+")) {
      result = Expr.repeat(body, 1, Expr.Repeat.UNBOUNDED);
    } else if (reader.skip("?")) {
      result = Expr.optional(body);
    } else if (reader.skip("{")) {
      result = counted(at, body);
    } else {
      return body;
    }
    requireOnlyLaziness();
    return result;
  }

  /** Laziness changes which match is found, not what matches. */
  private void requireOnlyLaziness() {
    int at = reader.position();
    if (reader.skip("+")) {
      throw reader.unsupported(at, "a possessive repetition");
    }
    reader.skip("?");
    if (reader.isAt("*") || reader.isAt("+") || reader.isAt("?") || reader.isAt("{")) {
      throw reader.error(reader.position(), "repeats a repetition", "put it into a group");
    }
  }

  private Expr counted(int at, Expr body) {
    int least = reader.number(MAX_REPETITIONS);
    int most = least;
    if (reader.skip(",")) {
      most = reader.number(MAX_REPETITIONS);
      most = most < 0 ? Expr.Repeat.UNBOUNDED : most;
    }
    if (least < 0 || !reader.skip("}")) {
      throw reader.error(at, "has a '{' that begins no count", "write {2}, {2,} or {2,5}, or \\{");
    }
    if (most < least) {
      throw reader.error(at, "repeats at most " + most + " but at least " + least, "swap them");
    }
    return Expr.repeat(body, least, most);
  }
}
