package dev.loquat.internal.pipeline;

import dev.loquat.backend.Backend;
import dev.loquat.memory.OwnedMemory;

/**
 * What a stage's backend holds, as of the last task of the stage's thread, so that nobody has to
 * wait for that thread to know it.
 *
 * <p>Told to every thread; read by the stage's alone.
 */
final class StageMemory {
  private final Backend backend;
  private volatile long allocatedBytes;
  private volatile OwnedMemory owned = OwnedMemory.NONE;

  StageMemory(Backend backend) {
    this.backend = backend;
    read();
  }

  void read() {
    allocatedBytes = backend.allocatedBytes();
    owned = backend.ownedMemory();
  }

  long allocatedBytes() {
    return allocatedBytes;
  }

  OwnedMemory owned() {
    return owned;
  }
}
