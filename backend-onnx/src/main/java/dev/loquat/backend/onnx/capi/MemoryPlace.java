package dev.loquat.backend.onnx.capi;

import com.sun.jna.Pointer;

/**
 * Where memory lies: in the machine's or in a device's. Valid while its session is open.
 *
 * @param info the runtime's description
 * @param isOnHost whether it is the machine's memory
 * @param name the device as options of runs name it, such as "gpu:0"
 */
public record MemoryPlace(Pointer info, boolean isOnHost, String name) {}
