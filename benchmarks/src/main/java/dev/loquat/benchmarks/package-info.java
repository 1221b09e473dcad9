/**
 * Speed and exactness of a model in a backend, measured below the engine, as one JSON line; only
 * {@code ownShare} measures the engine.
 */
@NullMarked
package dev.loquat.benchmarks;

import org.jspecify.annotations.NullMarked;
