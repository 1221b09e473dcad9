package dev.loquat.docs;

import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.Replicas;
import dev.loquat.observation.EngineListener;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** docs/guide/replicas.md. */
final class ReplicasSnippets {
  private ReplicasSnippets() {}

  static void load(Path path, List<String> prompts, PrintStream out) {
    try (Model model = Loquat.model(path).replicas(2).batch(4).load()) {
      model.generator().generate(prompts).forEach(answer -> out.println(answer.text()));
    }
  }

  static void retry(Path path, String prompt, PrintStream out) {
    try (Model model = Loquat.model(path).replicas(Replicas.threads(2).retryRunning()).load()) {
      model.generator().stream(prompt).forEach(piece -> out.print(piece.text()));
    }
  }

  static void processes(Path path, String prompt, PrintStream out) {
    Replicas replicas = Replicas.processes(2).jvmOptions("-Xmx2g").retryRunning();
    try (Model model = Loquat.model(path).replicas(replicas).load()) {
      model.generator().stream(prompt).forEach(piece -> out.print(piece.text()));
    }
  }

  static EngineListener listen(Consumer<String> log) {
    EngineListener listener =
        new EngineListener() {
          @Override
          public void onReplicaEnd(int replica, RuntimeException cause) {
            log.accept("Replica " + replica + " has ended: " + cause.getMessage());
          }
        };
    return listener;
  }
}
