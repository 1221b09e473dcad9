package dev.loquat.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.generation.PromptOverflow;
import dev.loquat.memory.LeakCheck;
import dev.loquat.memory.MemoryNeed;
import dev.loquat.memory.MemoryOwner;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.memory.ProcessMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A hundred times in each backend memory ends at a random place: while the model is loaded, when
 * its session opens, in a step. Each time that is an {@link OutOfMemoryException}, and memory and
 * slots come back.
 */
class ForcedFailuresTest {
  private static final int FAILURES = 100;
  private static final int GENERATIONS = 6;
  private static final int BATCH = 4;
  private static final int WORDS = 400;

  /** Much less than a model for each failure; code that was compiled meanwhile takes some. */
  private static final long MOST_GROWTH = 128L << 20;

  private final Random random = new Random(7);
  private final List<String> failures = new ArrayList<>();
  private int atLoad;

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "djl"})
  void givesMemoryAndSlotsBackAfterEach(String backend) {
    ModelLoader loader = Loquat.model(Loquat.TINY_MODEL).backend(backend).threads(1);
    MemoryNeed need = loader.plan().need();
    String undisturbed = text(loader);
    failUntil(FAILURES / 5, loader, need); // what the process keeps once is there by then
    long before = nativeBytes();
    failUntil(FAILURES, loader, need);
    assertThat(atLoad).as("failures while loading").isBetween(3, FAILURES - 20);
    assertThat(failures).anyMatch(message -> message.contains("the weights"));
    assertThat(failures).anyMatch(message -> message.contains("KV cache"));
    assertThat(text(loader)).isEqualTo(undisturbed);
    assertThat(nativeBytes() - before).as("growth outside of the heap").isLessThan(MOST_GROWTH);
  }

  private void failUntil(int count, ModelLoader loader, MemoryNeed need) {
    while (failures.size() < count) {
      fail(loader.memoryLimit(limit(need)), need);
    }
  }

  /** Every third time less than the model needs to load, else a part of one slot's KV cache. */
  private long limit(MemoryNeed need) {
    long loaded =
        need.onDevice().weightBytes()
            + need.onDevice().workspaceBytes()
            + need.onHost().runtimeBytes();
    return random.nextInt(3) == 0
        ? 1 + (long) (random.nextDouble() * loaded)
        : loaded + (long) (random.nextDouble() * need.cacheBytesPerSlot());
  }

  private void fail(ModelLoader loader, MemoryNeed need) {
    Model model;
    try {
      model = loader.load();
    } catch (OutOfMemoryException e) {
      atLoad++;
      failures.add(String.valueOf(e.getMessage()));
      return;
    }
    try (model) {
      for (int i = 0; i < GENERATIONS; i++) {
        generate(model);
        model.emptyCache(); // comes after what is queued: generations beside one that failed end
        assertThat(model.engineLoad().takenSlots()).isZero();
      }
      assertThat(cacheBytes(model, MemoryPhase.AFTER_CLEANUP))
          .isEqualTo(cacheBytes(model, MemoryPhase.AFTER_OPEN))
          .isLessThan(need.onDevice().cacheBytes());
    }
    assertThat(model.memory().leaks()).get().matches(LeakCheck::isClean);
  }

  private void generate(Model model) {
    List<String> prompts =
        IntStream.range(0, BATCH).mapToObj(i -> words(1 + random.nextInt(WORDS))).toList();
    try {
      model.generator().maxNewTokens(1).onPromptOverflow(PromptOverflow.KEEP_END).generate(prompts);
    } catch (OutOfMemoryException e) {
      failures.add(String.valueOf(e.getMessage()));
    }
  }

  /** What the process holds beside the Java heap, at least. */
  private static long nativeBytes() {
    System.gc();
    return ProcessMemory.current().residentBytes() - Runtime.getRuntime().totalMemory();
  }

  private static long cacheBytes(Model model, MemoryPhase phase) {
    return model.memory().at(phase).orElseThrow().owned().bytes(MemoryOwner.KV_CACHE);
  }

  private String words(int count) {
    return random
        .ints(count, 'a', 'z' + 1)
        .mapToObj(letter -> Character.toString(letter))
        .collect(Collectors.joining(" "));
  }

  private static String text(ModelLoader loader) {
    try (Model model = loader.load()) {
      return model.generator().temperature(0).maxNewTokens(12).generate("Once upon").text();
    }
  }
}
