/**
 * The vocabulary of a generation: request, options, result and events. Immutable values without
 * input, output or threads.
 */
@NullMarked
package dev.loquat.generation;

import org.jspecify.annotations.NullMarked;
