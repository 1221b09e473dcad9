package dev.loquat.docs;

import static dev.loquat.device.Precision.FP16;

import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.device.Device;
import dev.loquat.error.BackendUnavailableException;
import dev.loquat.error.DeviceUnavailableException;
import dev.loquat.error.LoquatException;
import dev.loquat.error.PromptTooLongException;
import java.nio.file.Path;

/** docs/guide/errors.md. */
final class ErrorsSnippets {

  private ErrorsSnippets() {}

  static Model gpuOrCpu(Path folder) {
    try {
      return Loquat.model(folder).onDevice(Device.cuda(0)).withPrecision(FP16).load();
    } catch (DeviceUnavailableException | BackendUnavailableException e) {
      System.err.println(e.getMessage());
      return Loquat.model(folder).load();
    }
  }

  static String answer(Model model, String question) {
    try {
      return model.generator().generate(question).text();
    } catch (PromptTooLongException e) {
      return "Please ask a shorter question.";
    } catch (LoquatException e) {
      return "No answer: " + e.getMessage();
    }
  }
}
