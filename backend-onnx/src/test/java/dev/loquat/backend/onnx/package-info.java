/** Tests of the backend against its contract and reference numbers. */
@NullMarked
package dev.loquat.backend.onnx;

import org.jspecify.annotations.NullMarked;
