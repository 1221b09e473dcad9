/** What it costs to keep a text to a constraint. */
@NullMarked
package dev.loquat.benchmarks.constrained;

import org.jspecify.annotations.NullMarked;
