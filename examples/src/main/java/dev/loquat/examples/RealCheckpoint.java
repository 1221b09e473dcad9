package dev.loquat.examples;

import dev.loquat.Loquat;
import dev.loquat.Model;

/** Runs a real checkpoint, from a folder or from the hub. */
public final class RealCheckpoint {

  private RealCheckpoint() {}

  /**
   * Runs the example.
   *
   * @param args a folder or {@code hf://owner/name[@revision]}; SmolLM2 from the hub if there is
   *     none
   */
  public static void main(String[] args) {
    System.exit(
        ModelExample.run(args, "hf://HuggingFaceTB/SmolLM2-135M-Instruct", RealCheckpoint::run));
  }

  private static void run(String source) {
    try (DownloadBar bar = new DownloadBar();
        Model model = Loquat.model(source).onDownload(bar).load()) {
      System.out.println(model.generator().maxNewTokens(100).chat("What is Java?").text());
    }
  }
}
