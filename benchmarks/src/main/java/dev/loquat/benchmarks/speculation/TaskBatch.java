package dev.loquat.benchmarks.speculation;

import dev.loquat.Generator;
import dev.loquat.TextStream;
import dev.loquat.benchmarks.Median;
import dev.loquat.generation.GenerationResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Tasks that a model has at once, and how long all of them took in every round. */
final class TaskBatch {
  private final List<Task> tasks;
  private final List<TaskTimes> times;
  private final List<Double> plainSeconds = new ArrayList<>();
  private final List<Double> speculatedSeconds = new ArrayList<>();

  TaskBatch(List<Task> tasks) {
    this.tasks = List.copyOf(tasks);
    times = Stream.generate(TaskTimes::new).limit(tasks.size()).toList();
  }

  /** Runs the tasks without being timed. */
  void warmUp(Generator generator) {
    run(generator);
  }

  /** Runs the tasks without speculation and with it. */
  void round(Generator plain, Generator speculating) {
    long start = System.nanoTime();
    List<GenerationResult> without = run(plain);
    long between = System.nanoTime();
    List<GenerationResult> with = run(speculating);
    plainSeconds.add((between - start) / 1e9);
    speculatedSeconds.add((System.nanoTime() - between) / 1e9);
    for (int task = 0; task < times.size(); task++) {
      times.get(task).add(without.get(task), with.get(task));
    }
  }

  /** The median time of all tasks without. */
  double plainSeconds() {
    return Median.of(plainSeconds);
  }

  /** The median time of all tasks with. */
  double speculatedSeconds() {
    return Median.of(speculatedSeconds);
  }

  List<TaskTimes> times() {
    return times;
  }

  private List<GenerationResult> run(Generator generator) {
    List<TextStream> texts = tasks.stream().map(task -> task.begin(generator)).toList();
    return texts.stream().map(TextStream::result).toList();
  }
}
