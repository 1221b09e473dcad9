package dev.loquat.testkit.engine;

import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.Replicas;
import java.nio.file.Path;

/** A program that loads a model in a process of its own, says so, and waits to be killed. */
final class AbandonedParent {
  private AbandonedParent() {}

  public static void main(String[] arguments) throws Exception {
    try (Model model =
        Loquat.model(Path.of(arguments[0]))
            .backend(FragileProvider.NAME)
            .batch(1)
            .replicas(Replicas.processes(1).withoutSpare())
            .load()) {
      System.out.println(
          ProcessHandle.current().children().findFirst().orElseThrow().pid()
              + " for "
              + model.info().replicas());
      System.in.read();
    }
  }
}
