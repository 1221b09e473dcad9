package dev.loquat.device;

/**
 * What can be known of a device beside its name and memory. Immutable.
 *
 * @see DeviceDiscovery#details
 */
public sealed interface DeviceDetails permits CpuDetails, GpuDetails {}
