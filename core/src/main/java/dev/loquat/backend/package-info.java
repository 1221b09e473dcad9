/**
 * The seam between the engine and whatever runs the model: the service provider interface.
 *
 * <p>A backend gets a checkpoint and runs whole decoder steps; the seam is a session, not a tensor
 * operator. Core owns slot numbers and sequence lengths, the backend owns the bytes of the KV
 * cache. No tokenizer, no sampling and no request ever crosses this seam.
 */
@NullMarked
package dev.loquat.backend;

import org.jspecify.annotations.NullMarked;
