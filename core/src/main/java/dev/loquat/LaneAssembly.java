package dev.loquat;

import dev.loquat.BackendAssembly.Loaded;
import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.internal.engine.CacheNeighbours;
import dev.loquat.internal.engine.EngineBackends;
import dev.loquat.internal.pipeline.Lanes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Divides a loaded pipeline among several engines. */
final class LaneAssembly {
  private LaneAssembly() {}

  /** Each lane gets its part of the slots; the first ones get those that are left over. */
  static List<Loaded> divide(Loaded pipeline, int lanes) {
    CacheLayout whole = pipeline.layout();
    LaneMemory memory = new LaneMemory(pipeline.memory(), lanes);
    CacheNeighbours neighbours = new CacheNeighbours();
    List<Loaded> divided = new ArrayList<>();
    for (Backend lane : Lanes.of(pipeline.backends().model(), lanes)) {
      int slots = whole.slots() / lanes + (divided.size() < whole.slots() % lanes ? 1 : 0);
      divided.add(
          new Loaded(
              new EngineBackends(lane, Optional.empty(), neighbours),
              new CacheLayout(slots, whole.contextLength()),
              pipeline.ledger(),
              memory));
    }
    return divided;
  }
}
