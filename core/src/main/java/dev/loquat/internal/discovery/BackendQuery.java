package dev.loquat.internal.discovery;

import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceDiscovery;
import dev.loquat.device.Precision;
import java.util.Optional;

/**
 * What a model needs of a backend.
 *
 * @param model the model
 * @param precision the precision asked for
 * @param pureHalf whether everything shall be computed in the half type
 * @param cachePrecision what keys and values shall be held in; {@link Precision#AUTO} for any
 * @param machine the devices of this machine
 * @param device the device demanded; empty for the best
 * @param backend the name of the backend demanded; empty for the best
 */
public record BackendQuery(
    ModelConfig model,
    Precision precision,
    boolean pureHalf,
    Precision cachePrecision,
    DeviceDiscovery machine,
    Optional<Device> device,
    Optional<String> backend) {}
