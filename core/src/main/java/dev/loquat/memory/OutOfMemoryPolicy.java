package dev.loquat.memory;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/**
 * What to do where memory does not suffice, from the first thing to the last. Immutable.
 *
 * @param rungs different rungs, in the order in which they are tried; none to fail at once
 */
public record OutOfMemoryPolicy(List<OutOfMemoryRung> rungs) {
  /** Fails at once. */
  public static final OutOfMemoryPolicy FAIL = new OutOfMemoryPolicy(List.of());

  /** Copies the list and checks that no rung comes twice. */
  public OutOfMemoryPolicy {
    rungs = List.copyOf(rungs);
    if (new HashSet<>(rungs).size() < rungs.size()) {
      throw new IllegalArgumentException("A rung comes twice in " + rungs + "; expected it once");
    }
  }

  /**
   * Creates a policy.
   *
   * @param rungs different rungs, in the order in which they are tried
   * @return the policy
   */
  public static OutOfMemoryPolicy tryInOrder(OutOfMemoryRung... rungs) {
    return new OutOfMemoryPolicy(Arrays.asList(rungs));
  }

  /**
   * Whether a rung may be tried.
   *
   * @param rung the rung
   * @return true if it is among {@link #rungs}
   */
  public boolean allows(OutOfMemoryRung rung) {
    return rungs.contains(rung);
  }
}
