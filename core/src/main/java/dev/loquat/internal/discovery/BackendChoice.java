package dev.loquat.internal.discovery;

import dev.loquat.backend.BackendProvider;
import dev.loquat.device.Device;

/**
 * The answer to a query.
 *
 * @param provider the backend
 * @param device the device it shall use
 */
public record BackendChoice(BackendProvider provider, Device device) {}
