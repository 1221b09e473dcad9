package dev.loquat.chat.jinja;

import dev.loquat.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses statements; expressions are left to {@link ExpressionParser}. */
final class TemplateParser {

  private static final Node NOTHING = new Node.Body(List.of());

  private final TokenStream tokens;
  private final ExpressionParser expressions;

  private TemplateParser(TokenStream tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
  }

  static Node parse(String source) {
    TemplateParser parser = new TemplateParser(new TokenStream(Lexer.tokens(source)));
    Node body = parser.body(Set.of());
    parser.tokens.require(Kind.END, "the end of the template");
    return body;
  }

  /** Statements up to a block with one of the names, of which the name is still to be read. */
  private Node body(Set<String> ends) {
    List<Node> nodes = new ArrayList<>();
    while (tokens.peek().kind() != Kind.END) {
      Token token = tokens.next();
      switch (token.kind()) {
        case TEXT -> nodes.add(new Node.Text(token.text()));
        case OUTPUT_BEGIN -> nodes.add(output(token.line()));
        default -> {
          if (ends.contains(tokens.peek().text())) {
            return new Node.Body(nodes);
          }
          nodes.add(statement());
        }
      }
    }
    if (!ends.isEmpty()) {
      throw tokens.unexpected("a block " + ends);
    }
    return new Node.Body(nodes);
  }

  private Node output(int line) {
    Expr value = expressions.tuple();
    tokens.require(Kind.OUTPUT_END, "'}}'");
    return new Node.Output(value, line);
  }

  private Node statement() {
    Token keyword = tokens.require(Kind.NAME, "a statement");
    return switch (keyword.text()) {
      case "if" -> ifStatement(keyword.line());
      case "for" -> forStatement(keyword.line());
      case "set" -> set(keyword.line());
      case "macro" -> macro(tokens.require(Kind.NAME, "a macro's name").text());
      case "call" -> callBlock(keyword.line());
      case "filter" -> filterBlock(keyword.line());
      case "with" -> with(keyword.line());
      case "generation" -> generation();
      case "break" -> jump(Node.Flow.BREAK);
      case "continue" -> jump(Node.Flow.CONTINUE);
      default ->
          throw new TemplateError(
              "line "
                  + keyword.line()
                  + ": the statement '"
                  + keyword.text()
                  + "' is not supported");
    };
  }

  private Node jump(Node.Flow flow) {
    endBlock();
    return new Node.Jump(flow);
  }

  private Node ifStatement(int line) {
    Expr condition = expressions.tuple();
    endBlock();
    Node then = body(Set.of("elif", "else", "endif"));
    Token end = tokens.next();
    Node otherwise = NOTHING;
    if (end.text().equals("elif")) {
      return new Node.If(condition, then, ifStatement(end.line()), line);
    }
    if (end.text().equals("else")) {
      endBlock();
      otherwise = bodyTo("endif");
    } else {
      endBlock();
    }
    return new Node.If(condition, then, otherwise, line);
  }

  private Node forStatement(int line) {
    Target target = targets();
    tokens.requireName("in");
    Expr items = expressions.or();
    Expr filter = tokens.name("if") ? expressions.expression() : null;
    tokens.name("recursive");
    endBlock();
    Node body = body(Set.of("else", "endfor"));
    Node otherwise = NOTHING;
    boolean hasElse = tokens.next().text().equals("else");
    endBlock();
    if (hasElse) {
      otherwise = bodyTo("endfor");
    }
    return new Node.For(target, items, filter, body, otherwise, line);
  }

  private Node set(int line) {
    Target target = targets();
    if (tokens.operator("=")) {
      Expr value = expressions.tuple();
      endBlock();
      return new Node.Set(target, value, line);
    }
    return capture(target, filters(), "endset", line);
  }

  private Node filterBlock(int line) {
    Expr first = expressions.filter(new Expr.Name(Node.Capture.TEXT));
    return capture(null, filters(first), "endfilter", line);
  }

  private Node capture(@Nullable Target target, Expr filtered, String end, int line) {
    endBlock();
    return new Node.Capture(target, bodyTo(end), filtered, line);
  }

  private Expr filters() {
    return filters(new Expr.Name(Node.Capture.TEXT));
  }

  private Expr filters(Expr start) {
    Expr value = start;
    while (tokens.operator("|")) {
      value = expressions.filter(value);
    }
    return value;
  }

  private Node with(int line) {
    List<Node.Set> sets = new ArrayList<>();
    while (tokens.peek().kind() != Kind.BLOCK_END) {
      Target target = target();
      tokens.require("=");
      sets.add(new Node.Set(target, expressions.expression(), line));
      tokens.operator(",");
    }
    endBlock();
    return new Node.With(sets, bodyTo("endwith"));
  }

  /** Marks what the assistant wrote, for training; renders as its body. */
  private Node generation() {
    endBlock();
    return bodyTo("endgeneration");
  }

  private Node.Macro macro(String name) {
    List<String> parameters = new ArrayList<>();
    List<@Nullable Expr> defaults = new ArrayList<>();
    tokens.require("(");
    parameters(parameters, defaults);
    endBlock();
    return new Node.Macro(name, parameters, defaults, bodyTo("endmacro"));
  }

  private void parameters(List<String> parameters, List<@Nullable Expr> defaults) {
    while (!tokens.operator(")")) {
      parameters.add(tokens.require(Kind.NAME, "a parameter's name").text());
      defaults.add(tokens.operator("=") ? expressions.expression() : null);
      if (!tokens.isOperator(")")) {
        tokens.require(",");
      }
    }
  }

  private Node callBlock(int line) {
    List<String> parameters = new ArrayList<>();
    List<@Nullable Expr> defaults = new ArrayList<>();
    if (tokens.operator("(")) {
      parameters(parameters, defaults);
    }
    if (!(expressions.expression() instanceof Expr.Call call)) {
      throw tokens.unexpected("the call of a macro");
    }
    endBlock();
    Node body = bodyTo("endcall");
    return new Node.CallBlock(call, new Node.Macro("caller", parameters, defaults, body), line);
  }

  private Node bodyTo(String end) {
    Node body = body(Set.of(end));
    tokens.requireName(end);
    if (tokens.peek().kind() == Kind.NAME) {
      tokens.next();
    }
    endBlock();
    return body;
  }

  private Target targets() {
    List<Target> targets = new ArrayList<>(List.of(target()));
    while (tokens.operator(",")) {
      targets.add(target());
    }
    return targets.size() == 1 ? targets.get(0) : new Target.Several(targets);
  }

  private Target target() {
    if (tokens.operator("(")) {
      Target inner = targets();
      tokens.require(")");
      return inner;
    }
    String name = tokens.require(Kind.NAME, "a name").text();
    return tokens.operator(".")
        ? new Target.Attribute(name, tokens.require(Kind.NAME, "an attribute's name").text())
        : new Target.Variable(name);
  }

  private void endBlock() {
    tokens.require(Kind.BLOCK_END, "'%}'");
  }
}
