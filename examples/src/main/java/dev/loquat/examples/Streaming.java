package dev.loquat.examples;

import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.generation.TextDelta;

/** Prints a text as it comes, and stops it halfway by closing the stream. */
public final class Streaming {

  private Streaming() {}

  /**
   * Runs the example.
   *
   * @param args a model's folder or hub name; the tiny model if there is none
   */
  public static void main(String[] args) {
    System.exit(ModelExample.run(args, Loquat.TINY_MODEL, Streaming::run));
  }

  private static void run(String source) {
    try (Model model = Loquat.model(source).load();
        TextStream stream = model.generator().stream("Explain neural networks.")) {
      int characters = 0;
      for (TextDelta delta : stream) {
        System.out.print(delta.text());
        characters += delta.text().length();
        if (characters > 80) {
          break;
        }
      }
      System.out.println();
    }
  }
}
