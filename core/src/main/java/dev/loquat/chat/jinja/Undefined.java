package dev.loquat.chat.jinja;

/**
 * What a name, attribute or item stands for that is not there: empty and false, but no operand.
 *
 * @param what the missing thing, for messages
 */
record Undefined(String what) {

  TemplateError error() {
    return new TemplateError(what + " is undefined");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Undefined;
  }

  @Override
  public int hashCode() {
    return 0;
  }

  @Override
  public String toString() {
    return "";
  }
}
