package dev.loquat;

import dev.loquat.BackendAssembly.Loaded;
import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.internal.engine.CacheNeighbours;
import dev.loquat.internal.engine.EngineBackends;
import dev.loquat.internal.pipeline.Lanes;
import dev.loquat.internal.planning.LaneLayouts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Divides a loaded pipeline among several engines. */
final class LaneAssembly {
  private LaneAssembly() {}

  /** Each lane gets its part of the slots. */
  static List<Loaded> divide(Loaded pipeline, int lanes) {
    List<CacheLayout> layouts = LaneLayouts.of(pipeline.layout(), lanes);
    LaneMemory memory = new LaneMemory(pipeline.memory(), lanes);
    CacheNeighbours neighbours = new CacheNeighbours();
    List<Loaded> divided = new ArrayList<>();
    for (Backend lane : Lanes.of(pipeline.backends().model(), lanes)) {
      divided.add(
          new Loaded(
              new EngineBackends(lane, Optional.empty(), neighbours),
              layouts.get(divided.size()),
              pipeline.ledger(),
              memory));
    }
    return divided;
  }
}
