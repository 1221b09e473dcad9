package dev.loquat.internal.planning;

import dev.loquat.backend.CacheLayout;
import java.util.List;
import java.util.stream.IntStream;

/** How lanes share the slots of a pipeline. */
public final class LaneLayouts {
  private LaneLayouts() {}

  /**
   * Each lane's part; the first ones get the slots that are left over.
   *
   * @param whole all slots, at least as many as lanes
   * @param lanes how many lanes, 1 or more
   * @return one layout for each lane
   */
  public static List<CacheLayout> of(CacheLayout whole, int lanes) {
    return IntStream.range(0, lanes)
        .map(lane -> whole.slots() / lanes + (lane < whole.slots() % lanes ? 1 : 0))
        .mapToObj(slots -> new CacheLayout(slots, whole.contextLength()))
        .toList();
  }
}
