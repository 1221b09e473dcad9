package dev.loquat.chat.jinja;

/**
 * A piece of a template.
 *
 * @param kind what it is
 * @param text the literal's value, the name, the operator, or the template's own text
 * @param line where it begins, from 1
 */
record Token(Kind kind, String text, int line) {

  enum Kind {
    TEXT,
    BLOCK_BEGIN,
    BLOCK_END,
    OUTPUT_BEGIN,
    OUTPUT_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean is(Kind other, String expected) {
    return kind == other && text.equals(expected);
  }
}
