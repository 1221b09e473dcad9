/**
 * Guesses at how a text goes on, which the next step checks. Token ids only: nothing here knows how
 * guesses are checked.
 */
@NullMarked
package dev.loquat.internal.speculation;

import org.jspecify.annotations.NullMarked;
