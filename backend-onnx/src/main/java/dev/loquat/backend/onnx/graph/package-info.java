/**
 * A decoder as an ONNX model: the protobuf writer, the operators and the lowering of a range of
 * layers.
 *
 * <p>Bytes only. Nothing here loads a library, reads a weight or runs a model.
 */
@NullMarked
package dev.loquat.backend.onnx.graph;

import org.jspecify.annotations.NullMarked;
