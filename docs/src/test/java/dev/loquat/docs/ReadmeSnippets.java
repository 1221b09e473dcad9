package dev.loquat.docs;

import static dev.loquat.device.Precision.BF16;
import static dev.loquat.device.Precision.FP16;
import static java.lang.System.out;

import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.device.Device;
import java.nio.file.Path;
import java.util.List;

/** README.md. */
final class ReadmeSnippets {

  private ReadmeSnippets() {}

  static void oneLine(List<String> prompts) {
    Loquat.model("hf://HuggingFaceTB/SmolLM2-135M-Instruct")
        .onDevice()
        .withPrecision(FP16)
        .batch(8)
        .generate(prompts);
  }

  static void longForm(Path path) {
    try (Model model = Loquat.model(path).onDevice(Device.cuda(0)).withPrecision(BF16).load()) {
      model.generator().maxNewTokens(100).temperature(0.7).stream("What is machine learning?")
          .forEach(delta -> out.print(delta.text()));
    }
  }
}
