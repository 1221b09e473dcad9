package dev.loquat.chat.jinja;

/** A method of strings. */
interface TextMethod {
  Object call(String text, Arguments arguments, Context context);
}
