package dev.loquat.device;

/**
 * A process that computes on a GPU.
 *
 * @param pid its number, as the driver counts processes
 * @param bytes the GPU's memory that it holds; {@link DeviceInfo#UNKNOWN} if the driver doesn't
 *     tell
 */
public record GpuProcess(long pid, long bytes) {}
