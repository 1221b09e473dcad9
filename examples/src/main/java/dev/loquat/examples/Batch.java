package dev.loquat.examples;

import dev.loquat.Loquat;
import dev.loquat.generation.GenerationResult;
import java.util.List;

/** Answers several prompts side by side, in one call. */
public final class Batch {

  private Batch() {}

  /**
   * Runs the example.
   *
   * @param args a model's folder or hub name; the tiny model if there is none
   */
  public static void main(String[] args) {
    System.exit(ModelExample.run(args, Loquat.TINY_MODEL, Batch::run));
  }

  private static void run(String source) {
    List<String> prompts =
        List.of("What is Python?", "How does Git work?", "Explain photosynthesis.");
    for (GenerationResult result : Loquat.model(source).onDevice().batch(8).generate(prompts)) {
      System.out.println(result.text().strip());
    }
    Loquat.closeSharedModels();
  }
}
