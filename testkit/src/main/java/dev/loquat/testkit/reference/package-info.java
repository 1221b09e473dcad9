/**
 * A naive decoder in double precision, and a backend made of it.
 *
 * <p>Written for reading: loops, no tensors, nothing shared with core's or any backend's
 * arithmetic. Its own numbers are checked against those of transformers.
 */
@NullMarked
package dev.loquat.testkit.reference;

import org.jspecify.annotations.NullMarked;
