/**
 * The template language of chat templates: Jinja as transformers sets it up, without anything that
 * reaches outside. A template sees the values it is given and nothing else, cannot change them, and
 * works within fixed limits of steps, time, text, lists and nesting.
 *
 * <p>Values are {@link java.lang.String}, {@link java.lang.Long}, {@link java.lang.Double}, {@link
 * java.lang.Boolean}, {@link java.util.List}, {@link java.util.Map}, {@code None}, {@code
 * Undefined}, and what the language itself makes: namespaces, loops, macros.
 */
@NullMarked
package dev.loquat.chat.jinja;

import org.jspecify.annotations.NullMarked;
