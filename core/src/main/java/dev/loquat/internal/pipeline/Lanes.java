package dev.loquat.internal.pipeline;

import dev.loquat.backend.Backend;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/**
 * Several users of one pipeline. Each has a backend to itself, as far as it can tell; the last one
 * that is closed closes the pipeline.
 */
public final class Lanes {
  private final Backend pipeline;
  private final List<Lane> open = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  private Lanes(Backend pipeline) {
    this.pipeline = pipeline;
  }

  /**
   * Shares a pipeline.
   *
   * @param pipeline a backend that a {@link PipelineProvider} opened; the lanes' from here on
   * @param count how many lanes, 1 or more
   * @return the lanes; the caller closes all of them
   */
  public static List<Backend> of(Backend pipeline, int count) {
    Lanes lanes = new Lanes(pipeline);
    IntStream.range(0, count).forEach(i -> lanes.open.add(new Lane(pipeline, lanes)));
    return List.copyOf(lanes.open);
  }

  synchronized void leave(Lane lane) {
    if (open.remove(lane) && open.isEmpty()) {
      try {
        pipeline.close();
      } finally {
        closed = true;
      }
    }
  }

  /** What the closed pipeline has not given back; nothing while it is open. */
  long leftBytes() {
    return closed ? pipeline.allocatedBytes() : 0;
  }
}
