/** Tests of the runtime's C API. */
@NullMarked
package dev.loquat.backend.onnx.capi;

import org.jspecify.annotations.NullMarked;
