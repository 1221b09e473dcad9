/** A model split over devices against the same model whole. */
@NullMarked
package dev.loquat.benchmarks.split;

import org.jspecify.annotations.NullMarked;
