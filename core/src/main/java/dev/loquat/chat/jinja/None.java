package dev.loquat.chat.jinja;

/** The value {@code none}. */
enum None {
  NONE;

  @Override
  public String toString() {
    return "None";
  }
}
