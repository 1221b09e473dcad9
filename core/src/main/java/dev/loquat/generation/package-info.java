/**
 * The vocabulary of a generation: request, options, result and events. Immutable values without
 * input, output or threads, and {@link dev.loquat.generation.LogitsProcessor}, by which callers put
 * code of their own among them.
 */
@NullMarked
package dev.loquat.generation;

import org.jspecify.annotations.NullMarked;
