/**
 * What a step binds to the runtime: the KV cache in slots, rotary tables, logits, the plan of runs
 * that a batch becomes, and the ways by which runs reach the runtime.
 *
 * <p>Memory here is the machine's or a device's, and given back when its owner closes it, not when
 * the collector runs.
 */
@NullMarked
package dev.loquat.backend.onnx.binding;

import org.jspecify.annotations.NullMarked;
