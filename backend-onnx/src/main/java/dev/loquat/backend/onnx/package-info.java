/**
 * The backend on ONNX Runtime: it builds a graph from the description of a model and runs it.
 *
 * <p>Users put the artifact on the path; nothing here is called by name. What the runtime is asked
 * for, how it fails and how memory goes back is here; graphs are in {@code graph}, memory that
 * steps bind in {@code binding}, what only the runtime's C API can do in {@code capi}.
 */
@NullMarked
package dev.loquat.backend.onnx;

import org.jspecify.annotations.NullMarked;
