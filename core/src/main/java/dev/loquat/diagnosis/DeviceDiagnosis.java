package dev.loquat.diagnosis;

import dev.loquat.backend.Support;
import dev.loquat.device.DeviceDetails;
import dev.loquat.device.DeviceInfo;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A device that is there.
 *
 * @param info the device
 * @param details what else its driver or the kernel tells; empty if it went away meanwhile
 * @param problem what keeps every backend from it, and what to do; empty if nothing is known to
 * @param backends each backend's answer by its name, in the order of names, those that are not on
 *     the path included
 */
public record DeviceDiagnosis(
    DeviceInfo info,
    Optional<DeviceDetails> details,
    Optional<String> problem,
    Map<String, Support> backends) {

  /** Copies the answers. */
  public DeviceDiagnosis {
    Objects.requireNonNull(info, "info");
    Objects.requireNonNull(details, "details");
    Objects.requireNonNull(problem, "problem");
    backends = Collections.unmodifiableMap(new TreeMap<>(backends));
  }
}
