/**
 * A checkpoint on disk as a validated description and named tensors.
 *
 * <p>Bytes to values: {@code config.json} becomes a {@link dev.loquat.checkpoint.ModelConfig},
 * weight files become {@link dev.loquat.checkpoint.Tensor}s. Nothing is computed here. Everything
 * read is untrusted input: it is checked before anything is allocated for it.
 */
@NullMarked
package dev.loquat.checkpoint;

import org.jspecify.annotations.NullMarked;
