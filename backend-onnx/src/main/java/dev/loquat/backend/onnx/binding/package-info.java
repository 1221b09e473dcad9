/**
 * What a step binds to the runtime: the KV cache in slots, rotary tables, logits, and the plan of
 * runs that a batch becomes.
 *
 * <p>Memory here is native, and given back when its owner closes it, not when the collector runs.
 */
@NullMarked
package dev.loquat.backend.onnx.binding;

import org.jspecify.annotations.NullMarked;
