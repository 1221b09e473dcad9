/**
 * Bytes on the device and in the process: what a model would take, and what it took by phase of a
 * generation. No tensors.
 */
@NullMarked
package dev.loquat.memory;

import org.jspecify.annotations.NullMarked;
