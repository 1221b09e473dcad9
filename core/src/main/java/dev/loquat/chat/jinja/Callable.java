package dev.loquat.chat.jinja;

/** A function, method or macro. */
interface Callable {
  Object call(Arguments arguments, Context context);
}
