/** Bytes on the device and in the process, by phase of a generation. No tensors. */
@NullMarked
package dev.loquat.memory;

import org.jspecify.annotations.NullMarked;
