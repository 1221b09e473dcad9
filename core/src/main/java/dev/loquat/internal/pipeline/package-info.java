/**
 * A model whose layers lie on several devices, as a backend like any other: the engine knows
 * nothing of it.
 *
 * <p>Each stage has a thread of its own, which alone uses the stage's sessions. A step is divided
 * into micro-batches, and a stage computes one while the next stage computes the one before. A step
 * ends when all stages have come to rest, also where one of them failed.
 */
@NullMarked
package dev.loquat.internal.pipeline;

import org.jspecify.annotations.NullMarked;
