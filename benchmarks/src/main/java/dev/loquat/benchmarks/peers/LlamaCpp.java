package dev.loquat.benchmarks.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * llama.cpp's own benchmarks, built from its sources for this machine.
 *
 * @param folder where {@code llama-bench} and {@code llama-batched-bench} are
 * @param gguf the weights
 */
record LlamaCpp(Path folder, Gguf gguf) implements Contestant {

  @Override
  public String name() {
    return "llama.cpp";
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
    return Files.isExecutable(program("llama-bench"))
            && Files.isExecutable(program("llama-batched-bench"))
        ? gguf.missing()
        : Optional.of(
            "llama-bench and llama-batched-bench are not in "
                + folder
                + "; build them from llama.cpp's sources (cmake -DGGML_NATIVE=ON) and name their"
                + " folder by --llama-cpp");
  }

  @Override
  public Map<Measure, Double> run(Workload work) {
    Map<Measure, Double> speeds = new EnumMap<>(Measure.class);
    speeds.put(Measure.PREFILL, single(work, work.prompt(), 0, 0));
    speeds.put(Measure.DECODE, single(work, 0, work.newTokens(), work.prompt()));
    speeds.put(Measure.DECODE_FAR, single(work, 0, work.newTokens(), work.context()));
    speeds.put(Measure.DECODE_TOGETHER, together(work));
    return speeds;
  }

  private double single(Workload work, int prompt, int newTokens, int depth) {
    List<String> command =
        List.of(
            program("llama-bench").toString(),
            "-m",
            gguf.file().toString(),
            "-t",
            Integer.toString(work.threads()),
            "-p",
            Integer.toString(prompt),
            "-n",
            Integer.toString(newTokens),
            "-d",
            Integer.toString(depth),
            "-r",
            "1",
            "-ngl",
            "0",
            "-o",
            "jsonl");
    return JsonLines.number(Program.output(command), "avg_ts");
  }

  private double together(Workload work) {
    int cells = work.batch() * (work.batchPrompt() + work.newTokens());
    List<String> command =
        List.of(
            program("llama-batched-bench").toString(),
            "-m",
            gguf.file().toString(),
            "-t",
            Integer.toString(work.threads()),
            "-tb",
            Integer.toString(work.threads()),
            "-c",
            Integer.toString(cells),
            "-npp",
            Integer.toString(work.batchPrompt()),
            "-ntg",
            Integer.toString(work.newTokens()),
            "-npl",
            Integer.toString(work.batch()),
            "-ngl",
            "0",
            "--output-format",
            "jsonl");
    return JsonLines.number(Program.output(command), "speed_tg");
  }

  private Path program(String name) {
    return folder.resolve(name);
  }
}
