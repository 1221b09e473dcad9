package dev.loquat.internal.pipeline;

import dev.loquat.backend.Backend;
import dev.loquat.device.LayerSpan;

/**
 * A loaded part of a model.
 *
 * @param layers its layers
 * @param thread uses its sessions
 * @param backend the part; used by the stage's thread, or by others while that rests
 */
record Stage(LayerSpan layers, StageThread thread, Backend backend) {}
