package dev.loquat.internal.replica;

/** The beginnings of a prompt that are whole blocks of tokens, each as a hash of all its tokens. */
public final class PromptBlocks {
  /** Fewer tokens are not reused by an engine. */
  public static final int BLOCK_TOKENS = 16;

  /** The golden ratio's fraction in 64 bits, as in SplitMix64. */
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private PromptBlocks() {}

  /** The hashes, that of the shortest beginning first. */
  static long[] of(int[] tokens) {
    long[] hashes = new long[tokens.length / BLOCK_TOKENS];
    long hash = 0;
    for (int i = 0; i < hashes.length * BLOCK_TOKENS; i++) {
      hash = mix(hash + GAMMA + tokens[i]);
      hashes[i / BLOCK_TOKENS] = hash;
    }
    return hashes;
  }

  /** SplitMix64's finalizer. */
  private static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
