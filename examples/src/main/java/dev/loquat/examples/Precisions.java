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
    String source = args.length == 0 ? Loquat.TINY_MODEL : args[0];
    for (Precision precision : List.of(Precision.FP32, Precision.FP16, Precision.BF16)) {
      try (Model model = Loquat.model(source).withPrecision(precision).load()) {
        System.out.println(precision + ": " + model.info().precision());
      }
    }
  }
}
