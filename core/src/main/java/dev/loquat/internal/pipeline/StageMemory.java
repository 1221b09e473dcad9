package dev.loquat.internal.pipeline;

import dev.loquat.backend.Backend;
import dev.loquat.memory.OwnedMemory;
import java.lang.System.Logger;

/**
 * What a stage's backend holds, as of the last task of the stage's thread, so that nobody has to
 * wait for that thread to know it.
 *
 * <p>Told to every thread; read by the stage's alone.
 */
final class StageMemory {
  private static final Logger LOGGER = System.getLogger(StageMemory.class.getName());

  private final Backend backend;
  private volatile long allocatedBytes;
  private volatile OwnedMemory owned = OwnedMemory.NONE;

  StageMemory(Backend backend) {
    this.backend = backend;
    read();
  }

  /** What the backend fails to tell stays as it was. */
  void read() {
    try {
      allocatedBytes = backend.allocatedBytes();
      owned = backend.ownedMemory();
    } catch (RuntimeException e) {
      LOGGER.log(Logger.Level.DEBUG, "A stage does not tell its memory", e);
    }
  }

  long allocatedBytes() {
    return allocatedBytes;
  }

  OwnedMemory owned() {
    return owned;
  }
}
