package dev.loquat.benchmarks;

import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The times of one round: every slot gets a prompt of random tokens, then all decode side by side.
 *
 * @param prefillSeconds one prompt, the mean over the slots
 * @param decodeSeconds all decode steps together
 */
public record Round(double prefillSeconds, double decodeSeconds) {
  private static final int SEED = 7;

  /**
   * Runs one.
   *
   * @param session what computes; every slot of it is overwritten
   * @param vocabularySize the tokens there are
   * @param prompt tokens of each prompt
   * @param newTokens decode steps; prompt and steps fit into a slot
   * @return the times
   */
  public static Round run(DecoderSession session, int vocabularySize, int prompt, int newTokens) {
    Random random = new Random(SEED);
    int slots = session.layout().slots();
    long start = System.nanoTime();
    for (int slot = 0; slot < slots; slot++) {
      int[] tokens = random.ints(prompt, 0, vocabularySize).toArray();
      session.forward(new ForwardBatch(List.of(new ForwardRow(slot, 0, tokens, 1))));
    }
    long prefilled = System.nanoTime();
    float[] logits = new float[vocabularySize];
    for (int step = 0; step < newTokens; step++) {
      session
          .forward(decodes(slots, prompt + step, random.nextInt(vocabularySize)))
          .read(0, logits);
    }
    long end = System.nanoTime();
    return new Round((prefilled - start) / 1e9 / slots, (end - prefilled) / 1e9);
  }

  private static ForwardBatch decodes(int slots, int position, int token) {
    return new ForwardBatch(
        IntStream.range(0, slots)
            .mapToObj(slot -> new ForwardRow(slot, position, new int[] {token}, 1))
            .toList());
  }
}
