/** Tests that read back what the graph writer emits. */
@NullMarked
package dev.loquat.backend.onnx.graph;

import org.jspecify.annotations.NullMarked;
