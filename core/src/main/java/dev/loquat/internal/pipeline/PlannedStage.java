package dev.loquat.internal.pipeline;

import dev.loquat.device.Device;
import dev.loquat.device.LayerSpan;
import dev.loquat.memory.MemoryLedger;

/**
 * A part of a model that is to be loaded.
 *
 * @param layers its layers
 * @param device the device they lie on
 * @param ledger accounts for the memory of the device
 */
public record PlannedStage(LayerSpan layers, Device device, MemoryLedger ledger) {}
