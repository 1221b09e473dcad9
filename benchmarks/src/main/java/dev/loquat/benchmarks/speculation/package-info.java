/** How much faster texts come when they are guessed ahead. */
@NullMarked
package dev.loquat.benchmarks.speculation;

import org.jspecify.annotations.NullMarked;
