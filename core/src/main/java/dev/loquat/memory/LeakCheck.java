package dev.loquat.memory;

import java.util.List;

/**
 * What a model still held when it had been closed.
 *
 * @param deviceBytes what its backends still counted on the device; 0 unless one leaks
 * @param resources the native resources that were opened and not closed; none unless one leaks
 */
public record LeakCheck(long deviceBytes, List<HeldResource> resources) {

  /** Copies the list. */
  public LeakCheck {
    resources = List.copyOf(resources);
  }

  /**
   * Whether everything was given back.
   *
   * @return true if nothing was held
   */
  public boolean isClean() {
    return deviceBytes == 0 && resources.isEmpty();
  }
}
