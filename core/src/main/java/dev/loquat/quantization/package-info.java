/**
 * Matrices in blocks of small integers: their layout, how weights are rounded to it, and a cache of
 * converted weights on disk.
 *
 * <p>One layout for every backend. Nothing here multiplies.
 */
@NullMarked
package dev.loquat.quantization;

import org.jspecify.annotations.NullMarked;
