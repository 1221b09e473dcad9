package dev.loquat.testkit.reference;

/** What a model's logits are, known independently of the backend that is compared with it. */
@FunctionalInterface
public interface ReferenceLogits {

  /**
   * The logits of a sequence from its start.
   *
   * @param tokens the token ids from position 0; at least one
   * @return the logits at every position, {@code [tokens][vocabulary]}
   */
  double[][] of(int[] tokens);
}
