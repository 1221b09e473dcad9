/** Speed of a model in a backend, measured below the engine and printed as one JSON line. */
@NullMarked
package dev.loquat.benchmarks;

import org.jspecify.annotations.NullMarked;
