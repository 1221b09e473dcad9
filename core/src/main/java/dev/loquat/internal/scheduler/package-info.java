/**
 * Which sequences prefill and which decode in the next step. Integers only: no tensors, no text, no
 * threads.
 */
@NullMarked
package dev.loquat.internal.scheduler;

import org.jspecify.annotations.NullMarked;
