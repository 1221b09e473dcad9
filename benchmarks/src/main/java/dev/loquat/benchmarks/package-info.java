/**
 * Speed and exactness of a model in a backend, measured below the engine, as one JSON line; {@code
 * ownShare} and {@code load} measure the engine.
 */
@NullMarked
package dev.loquat.benchmarks;

import org.jspecify.annotations.NullMarked;
