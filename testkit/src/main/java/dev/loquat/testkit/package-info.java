/**
 * The contract that every backend keeps.
 *
 * <p>For authors of a backend:
 *
 * <ol>
 *   <li>Implement {@link dev.loquat.backend.BackendProvider}, {@link dev.loquat.backend.Backend}
 *       and {@link dev.loquat.backend.DecoderSession}, and name the provider in {@code
 *       META-INF/services/dev.loquat.backend.BackendProvider}.
 *   <li>Add {@code dev.loquat:loquat-testkit} and {@code org.junit.jupiter:junit-jupiter} in scope
 *       {@code test}.
 *   <li>Extend {@link dev.loquat.testkit.BackendContract} and return the provider. Override {@link
 *       dev.loquat.testkit.BackendContract#device} in another class for every other device, and
 *       {@link dev.loquat.testkit.BackendContract#tolerance} where a precision is coarser by
 *       design.
 *   <li>Extend {@link dev.loquat.testkit.TransformersContract} too: it compares with numbers that
 *       transformers computed.
 * </ol>
 *
 * <p>{@link dev.loquat.testkit.tiny.TinyCheckpoint} and {@link
 * dev.loquat.testkit.reference.ReferenceDecoder} serve a backend's own tests. For tests of what
 * stands above the seam, {@link dev.loquat.testkit.scripted.ScriptedBackend} needs no model.
 * Nothing here sees Loquat's internals.
 */
@NullMarked
package dev.loquat.testkit;

import org.jspecify.annotations.NullMarked;
