package dev.loquat.benchmarks;

import dev.loquat.Generator;
import dev.loquat.Model;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What Loquat itself takes of a decode step: planning, reading logits, sampling greedily,
 * detokenizing and publishing. Measured through the public API, where {@link Round} has no engine.
 */
final class OwnShare {
  private static final String WORD = " sea";

  private OwnShare() {}

  /** The median over the rounds, 0 to 1; -1 if no two decode steps followed each other. */
  static double measure(ModelOptions options, int prompt, int newTokens, int batch, int rounds) {
    StepClock clock = new StepClock();
    try (Model model = options.loadTimed(clock, batch)) {
      Generator generator = model.generator().temperature(0).maxNewTokens(newTokens);
      List<String> prompts = Collections.nCopies(batch, WORD.repeat(prompt));
      double[] shares = new double[rounds];
      generator.generate(prompts);
      for (int round = 0; round < rounds; round++) {
        clock.restart();
        generator.generate(prompts);
        shares[round] = clock.ownShare();
      }
      Arrays.sort(shares);
      return shares[rounds / 2];
    }
  }
}
