package dev.loquat.backend;

/**
 * Memory that a phase of a model's life takes beside weights and KV cache.
 *
 * @param bytes what is allocated at most at once, 0 or more
 * @param mappedBytes the pages of the checkpoint's files that are mapped and read meanwhile, 0 or
 *     more; they count for the process, but the system can drop them where memory is short
 */
public record WorkingMemory(long bytes, long mappedBytes) {
  /** Nothing at all. */
  public static final WorkingMemory NONE = new WorkingMemory(0, 0);

  /** Checks the numbers. */
  public WorkingMemory {
    if (bytes < 0 || mappedBytes < 0) {
      throw new IllegalArgumentException(
          bytes + " bytes and " + mappedBytes + " mapped; expected 0 or more of each");
    }
  }
}
