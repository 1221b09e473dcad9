package dev.loquat;

import dev.loquat.backend.Support;
import dev.loquat.device.DeviceInfo;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A device of this machine and what the backends on the path say of it.
 *
 * @param info the device
 * @param backends each backend's answer by its name, in the order of names
 */
public record DeviceReport(DeviceInfo info, Map<String, Support> backends) {

  /** Copies the answers. */
  public DeviceReport {
    backends = Collections.unmodifiableMap(new TreeMap<>(backends));
  }
}
