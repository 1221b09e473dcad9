package dev.loquat.internal.pipeline;

import dev.loquat.backend.Backend;
import dev.loquat.device.Device;
import dev.loquat.device.LayerSpan;

/**
 * A loaded part of a model.
 *
 * @param layers its layers
 * @param thread uses its backend and sessions
 * @param backend the part; used by the stage's thread, but for what never changes
 * @param memory what the backend holds
 */
record Stage(LayerSpan layers, StageThread thread, Backend backend, StageMemory memory) {

  /** Takes the backend over, which nobody else uses from here on. */
  static Stage of(LayerSpan layers, Device device, Backend backend) {
    StageMemory memory = new StageMemory(backend);
    StageThread thread =
        new StageThread("loquat-stage-" + device + "-layers-" + layers, memory::read);
    return new Stage(layers, thread, backend, memory);
  }
}
