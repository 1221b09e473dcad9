package dev.loquat.diagnosis;

import dev.loquat.backend.Support;
import dev.loquat.device.AbsentDevice;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A kind of device that this machine has none of.
 *
 * @param absent the kind and the missing piece of the machine
 * @param backends each backend's answer by its name, in the order of names: what it would lack
 *     itself
 */
public record KindDiagnosis(AbsentDevice absent, Map<String, Support> backends) {

  /** Copies the answers. */
  public KindDiagnosis {
    Objects.requireNonNull(absent, "absent");
    backends = Collections.unmodifiableMap(new TreeMap<>(backends));
  }
}
