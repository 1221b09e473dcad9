package dev.loquat.memory;

import dev.loquat.device.ByteFormat;
import java.util.Objects;

/**
 * A native resource that a model holds.
 *
 * @param owner what it is for
 * @param purpose what it is, such as "a KV cache of 256 tokens in each slot"
 * @param bytes what is accounted for it, 0 or more; 0 where it only counts
 */
public record HeldResource(MemoryOwner owner, String purpose, long bytes) {

  /** Checks for nulls and the number. */
  public HeldResource {
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(purpose, "purpose");
    NonNegative.require("bytes", bytes);
  }

  @Override
  public String toString() {
    return owner + ": " + purpose + ", " + ByteFormat.text(bytes);
  }
}
