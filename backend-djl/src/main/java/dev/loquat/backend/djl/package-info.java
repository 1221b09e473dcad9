/**
 * Runs decoders on PyTorch, through DJL.
 *
 * <p>DJL's arrays lack the operators of a decoder, so the decoder is one TorchScript program (a
 * text resource of this package). Java writes it into an archive, DJL loads it, and Java hands it
 * weights and batches. No Python takes part.
 *
 * <p>PyTorch's native library comes from an artifact that the application adds for its platform, or
 * from the folder in {@code PYTORCH_LIBRARY_PATH}. Nothing is downloaded and DJL's telemetry is
 * off. PyTorch's number of threads belongs to the process: every step sets the number its model was
 * opened with. While the library loads, an environment variable and some system properties are
 * other than the application's (decision 0010).
 */
@NullMarked
package dev.loquat.backend.djl;

import org.jspecify.annotations.NullMarked;
