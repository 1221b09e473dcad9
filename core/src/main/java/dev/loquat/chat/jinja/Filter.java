package dev.loquat.chat.jinja;

/** What stands behind a bar: a function of the value before it. */
interface Filter {
  Object apply(Object value, Arguments arguments, Context context);
}
