package dev.loquat.chat.jinja;

import dev.loquat.chat.jinja.Token.Kind;
import java.util.List;

/** Tokens with a place; always one ahead at least, the end. */
final class TokenStream {

  private final List<Token> tokens;
  private int position;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(position);
  }

  Token next() {
    Token token = tokens.get(position);
    position = Math.min(position + 1, tokens.size() - 1);
    return token;
  }

  boolean isOperator(String operator) {
    return peek().is(Kind.OPERATOR, operator);
  }

  boolean isName(String name) {
    return peek().is(Kind.NAME, name);
  }

  /** Takes an operator if it comes next. */
  boolean operator(String operator) {
    return take(isOperator(operator));
  }

  /** Takes a word if it comes next. */
  boolean name(String name) {
    return take(isName(name));
  }

  private boolean take(boolean comes) {
    if (comes) {
      next();
    }
    return comes;
  }

  void require(String operator) {
    if (!operator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  void requireName(String name) {
    if (!name(name)) {
      throw unexpected("'" + name + "'");
    }
  }

  Token require(Kind kind, String what) {
    if (peek().kind() != kind) {
      throw unexpected(what);
    }
    return next();
  }

  TemplateError unexpected(String expected) {
    return new TemplateError(
        "line " + peek().line() + ": found '" + peek().text() + "', expected " + expected);
  }
}
