/** Speed and exactness of a model in a backend, measured below the engine, as one JSON line. */
@NullMarked
package dev.loquat.benchmarks;

import org.jspecify.annotations.NullMarked;
