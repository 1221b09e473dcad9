package dev.loquat.benchmarks.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hugging Face's transformers in a Python of its own.
 *
 * @param python the interpreter
 * @param model the checkpoint's folder
 * @param weightType {@code float32} or {@code bfloat16}
 */
record Transformers(String python, Path model, String weightType) implements Contestant {

  @Override
  public String name() {
    return "transformers";
  }

  @Override
  public String weights() {
    return weightType;
  }

  @Override
  public long readBytes() {
    return 0;
  }

  @Override
  public Optional<String> missing() {
    try {
      Program.output(List.of(python, "-c", "import torch, transformers"));
      return Optional.empty();
    } catch (PeerException e) {
      return Optional.of(
          python
              + " can't import torch and transformers; pip install torch transformers, and name the"
              + " interpreter by --python");
    }
  }

  @Override
  public Map<Measure, Double> run(Workload work) {
    return Script.speeds("transformers_peer.py", script -> command(script, work));
  }

  private List<String> command(Path script, Workload work) {
    return List.of(
        python,
        script.toString(),
        model.toString(),
        weightType,
        Integer.toString(work.threads()),
        Integer.toString(work.prompt()),
        Integer.toString(work.newTokens()),
        Integer.toString(work.batch()),
        Integer.toString(work.batchPrompt()),
        Integer.toString(work.context()));
  }
}
