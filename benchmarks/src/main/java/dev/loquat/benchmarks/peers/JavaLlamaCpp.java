package dev.loquat.benchmarks.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * java-llama.cpp in a JVM of its own, by a source file that is compiled against its jar when it
 * starts. What it does together includes the prompts' prefill.
 *
 * @param jar {@code de.kherud:llama}
 * @param gguf the weights
 */
record JavaLlamaCpp(Path jar, Gguf gguf) implements Contestant {

  @Override
  public String name() {
    return "java-llama.cpp";
  }

  @Override
  public String weights() {
    return gguf.name();
  }

  @Override
  public long readBytes() {
    return gguf.bytes();
  }

  @Override
  public Optional<String> missing() {
    return Files.isRegularFile(jar)
        ? gguf.missing()
        : Optional.of(
            jar
                + " is no file; run mvn dependency:get -Dartifact=de.kherud:llama:4.2.0, or name the"
                + " jar by --java-llama-cpp");
  }

  @Override
  public Map<Measure, Double> run(Workload work) {
    return Script.speeds("JavaLlamaCpp.java", script -> command(script, work));
  }

  private List<String> command(Path script, Workload work) {
    return List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "-cp",
        jar.toString(),
        script.toString(),
        gguf.file().toString(),
        Integer.toString(work.threads()),
        Integer.toString(work.prompt()),
        Integer.toString(work.newTokens()),
        Integer.toString(work.batch()),
        Integer.toString(work.batchPrompt()),
        Integer.toString(work.context()));
  }
}
