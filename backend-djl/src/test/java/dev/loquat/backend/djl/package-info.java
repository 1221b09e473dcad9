/** Tests of the backend on PyTorch. */
@NullMarked
package dev.loquat.backend.djl;

import org.jspecify.annotations.NullMarked;
