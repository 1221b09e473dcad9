/**
 * Logits to the next token: one file a processor or filter. No state but a sampler's random numbers
 * and working memory.
 */
@NullMarked
package dev.loquat.sampling;

import org.jspecify.annotations.NullMarked;
