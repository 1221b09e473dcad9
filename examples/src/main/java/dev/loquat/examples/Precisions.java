package dev.loquat.examples;

import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.device.Precision;
import java.util.List;

/** Shows what becomes of each precision asked for. */
public final class Precisions {

  private Precisions() {}

  /**
   * Runs the example.
   *
   * @param args a model's folder or hub name; the tiny model if there is none
   */
  public static void main(String[] args) {
    System.exit(ModelExample.run(args, Loquat.TINY_MODEL, Precisions::run));
  }

  private static void run(String source) {
    for (Precision precision : List.of(Precision.FP32, Precision.FP16, Precision.BF16)) {
      try (Model model = Loquat.model(source).withPrecision(precision).load()) {
        System.out.println(precision + ": " + model.info().precision());
      }
    }
  }
}
