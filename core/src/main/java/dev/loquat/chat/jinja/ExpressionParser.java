package dev.loquat.chat.jinja;

import dev.loquat.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Parses expressions by recursive descent, one method a level of precedence: conditional, or, and,
 * not, comparison, + and -, ~, * / // %, **, sign, then attributes, calls, filters and tests.
 */
final class ExpressionParser {

  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Set<String> SUMS = Set.of("+", "-");
  private static final Set<String> CONCATENATION = Set.of("~");
  private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");
  private static final Set<String> POWER = Set.of("**");
  private static final Set<String> NO_ARGUMENT =
      Set.of("else", "or", "and", "is", "if", "in", "not");
  private static final Expr NONE = new Expr.Literal(None.NONE);

  private final TokenStream tokens;

  ExpressionParser(TokenStream tokens) {
    this.tokens = tokens;
  }

  /** One expression, or several with commas between them as a tuple. */
  Expr tuple() {
    Expr first = expression();
    if (!tokens.isOperator(",")) {
      return first;
    }
    List<Expr> items = new ArrayList<>(List.of(first));
    while (tokens.operator(",") && startsExpression()) {
      items.add(expression());
    }
    return new Expr.Items(items);
  }

  private boolean startsExpression() {
    Kind kind = tokens.peek().kind();
    return kind != Kind.BLOCK_END
        && kind != Kind.OUTPUT_END
        && !tokens.isOperator(")")
        && !tokens.isOperator("=");
  }

  Expr expression() {
    Expr value = or();
    while (tokens.name("if")) {
      Expr condition = or();
      value = new Expr.Conditional(condition, value, tokens.name("else") ? expression() : null);
    }
    return value;
  }

  /** As in {@code for x in items if condition}: the if belongs to the statement. */
  Expr or() {
    Expr left = and();
    while (tokens.name("or")) {
      left = new Expr.Or(left, and());
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (tokens.name("and")) {
      left = new Expr.And(left, not());
    }
    return left;
  }

  private Expr not() {
    return tokens.name("not") ? new Expr.Not(not()) : comparison();
  }

  private Expr comparison() {
    List<Expr> operands = new ArrayList<>(List.of(sum()));
    List<String> operators = new ArrayList<>();
    while (true) {
      if (tokens.peek().kind() == Kind.OPERATOR && COMPARISONS.contains(tokens.peek().text())) {
        operators.add(tokens.next().text());
      } else if (tokens.name("in")) {
        operators.add("in");
      } else if (tokens.name("not")) {
        tokens.requireName("in");
        operators.add("not in");
      } else {
        return operators.isEmpty() ? operands.get(0) : new Expr.Comparison(operands, operators);
      }
      operands.add(sum());
    }
  }

  private Expr sum() {
    return binary(SUMS, this::concatenation);
  }

  private Expr concatenation() {
    return binary(CONCATENATION, this::product);
  }

  private Expr product() {
    return binary(PRODUCTS, this::power);
  }

  private Expr power() {
    return binary(POWER, () -> signed(true));
  }

  private Expr binary(Set<String> operators, Supplier<Expr> operand) {
    Expr left = operand.get();
    while (tokens.peek().kind() == Kind.OPERATOR && operators.contains(tokens.peek().text())) {
      left = new Expr.Binary(tokens.next().text(), left, operand.get());
    }
    return left;
  }

  private Expr signed(boolean withFilters) {
    Expr value =
        tokens.operator("-")
            ? new Expr.Negative(signed(false))
            : tokens.operator("+") ? signed(false) : postfix(primary());
    return withFilters ? filters(value) : value;
  }

  private Expr primary() {
    Token token = tokens.peek();
    return switch (token.kind()) {
      case NAME -> name(tokens.next().text());
      case STRING -> strings();
      case INTEGER -> integer(tokens.next());
      case FLOAT -> new Expr.Literal(Double.parseDouble(digits(tokens.next())));
      case OPERATOR -> bracketed();
      default -> throw tokens.unexpected("a value");
    };
  }

  private static Expr integer(Token token) {
    try {
      return new Expr.Literal(Long.parseLong(digits(token)));
    } catch (NumberFormatException e) {
      throw new TemplateError("line " + token.line() + ": a number is out of range");
    }
  }

  private static String digits(Token token) {
    return token.text().replace("_", "");
  }

  private static Expr name(String name) {
    return switch (name) {
      case "true", "True" -> new Expr.Literal(true);
      case "false", "False" -> new Expr.Literal(false);
      case "none", "None" -> NONE;
      default -> new Expr.Name(name);
    };
  }

  private Expr strings() {
    StringBuilder text = new StringBuilder();
    while (tokens.peek().kind() == Kind.STRING) {
      text.append(tokens.next().text());
    }
    return new Expr.Literal(text.toString());
  }

  private Expr bracketed() {
    if (tokens.operator("(")) {
      Expr inner = tokens.isOperator(")") ? new Expr.Items(List.of()) : tuple();
      tokens.require(")");
      return inner;
    }
    if (tokens.operator("[")) {
      return new Expr.Items(list("]"));
    }
    if (tokens.operator("{")) {
      return mapping();
    }
    throw tokens.unexpected("a value");
  }

  private List<Expr> list(String close) {
    List<Expr> items = new ArrayList<>();
    while (!tokens.operator(close)) {
      items.add(expression());
      if (!tokens.isOperator(close)) {
        tokens.require(",");
      }
    }
    return items;
  }

  private Expr mapping() {
    List<Expr> keys = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (!tokens.operator("}")) {
      keys.add(expression());
      tokens.require(":");
      values.add(expression());
      if (!tokens.isOperator("}")) {
        tokens.require(",");
      }
    }
    return new Expr.Mapping(keys, values);
  }

  private Expr postfix(Expr start) {
    Expr value = start;
    while (true) {
      if (tokens.operator(".")) {
        value =
            tokens.peek().kind() == Kind.INTEGER
                ? new Expr.Item(value, integer(tokens.next()))
                : new Expr.Attribute(value, tokens.require(Kind.NAME, "a name").text());
      } else if (tokens.operator("[")) {
        value = subscript(value);
      } else if (tokens.operator("(")) {
        value = new Expr.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  private Expr subscript(Expr target) {
    Expr from = tokens.isOperator(":") ? NONE : expression();
    if (tokens.operator("]")) {
      return new Expr.Item(target, from);
    }
    tokens.require(":");
    Expr to = tokens.isOperator("]") || tokens.isOperator(":") ? NONE : expression();
    Expr step = tokens.operator(":") && !tokens.isOperator("]") ? expression() : NONE;
    tokens.require("]");
    return new Expr.Slice(target, from, to, step);
  }

  /** After the opening parenthesis. */
  Expr.Passed arguments() {
    List<Expr> positional = new ArrayList<>();
    Map<String, Expr> named = new LinkedHashMap<>();
    while (!tokens.operator(")")) {
      Expr value = expression();
      if (value instanceof Expr.Name keyword && tokens.operator("=")) {
        named.put(keyword.name(), expression());
      } else {
        positional.add(value);
      }
      if (!tokens.isOperator(")")) {
        tokens.require(",");
      }
    }
    return new Expr.Passed(positional, named);
  }

  /** Filters, tests, and calls of what they give. */
  private Expr filters(Expr start) {
    Expr value = start;
    while (true) {
      if (tokens.operator("|")) {
        value = filter(value);
      } else if (tokens.name("is")) {
        value = test(value);
      } else if (tokens.operator("(")) {
        value = new Expr.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  /** After the bar. */
  Expr filter(Expr value) {
    String name = tokens.require(Kind.NAME, "a filter's name").text();
    Expr.Passed arguments = tokens.operator("(") ? arguments() : Expr.Passed.NOTHING;
    return new Expr.Filtered(value, name, arguments);
  }

  private Expr test(Expr value) {
    boolean negated = tokens.name("not");
    String name = tokens.require(Kind.NAME, "a test's name").text();
    Expr.Passed arguments = Expr.Passed.NOTHING;
    if (tokens.operator("(")) {
      arguments = arguments();
    } else if (startsArgument()) {
      arguments = new Expr.Passed(List.of(postfix(primary())), Map.of());
    }
    Expr test = new Expr.Tested(value, name, arguments);
    return negated ? new Expr.Not(test) : test;
  }

  private boolean startsArgument() {
    Token token = tokens.peek();
    return switch (token.kind()) {
      case STRING, INTEGER, FLOAT -> true;
      case NAME -> !NO_ARGUMENT.contains(token.text());
      default -> tokens.isOperator("[") || tokens.isOperator("{");
    };
  }
}
