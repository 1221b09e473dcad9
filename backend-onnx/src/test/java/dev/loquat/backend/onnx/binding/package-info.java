/** Tests of plans and memory. */
@NullMarked
package dev.loquat.backend.onnx.binding;

import org.jspecify.annotations.NullMarked;
