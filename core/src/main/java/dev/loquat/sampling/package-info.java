/** Logits to the next token: one file a filter. No state but a sampler's random numbers. */
@NullMarked
package dev.loquat.sampling;

import org.jspecify.annotations.NullMarked;
