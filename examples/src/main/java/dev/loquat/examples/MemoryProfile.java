package dev.loquat.examples;

import dev.loquat.Loquat;
import dev.loquat.Model;

/** Prints the memory of each phase of a generation. */
public final class MemoryProfile {

  private MemoryProfile() {}

  /**
   * Runs the example.
   *
   * @param args a model's folder or hub name; the tiny model if there is none
   */
  public static void main(String[] args) {
    System.exit(ModelExample.run(args, Loquat.TINY_MODEL, MemoryProfile::run));
  }

  private static void run(String source) {
    try (Model model = Loquat.model(source).load()) {
      model.generator().maxNewTokens(32).generate("What is machine learning?");
      model.emptyCache();
      System.out.print(model.memory().table());
    }
  }
}
