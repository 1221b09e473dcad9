/**
 * What ONNX Runtime's C API can do and its Java API can't: memory of devices, and runs whose inputs
 * and outputs stay bound.
 *
 * <p>The Java API keeps the addresses of the C API and of its sessions in private fields; they are
 * read by reflection. Nothing here knows of decoders. Native objects have one owner each, who
 * closes them.
 */
@NullMarked
package dev.loquat.backend.onnx.capi;

import org.jspecify.annotations.NullMarked;
