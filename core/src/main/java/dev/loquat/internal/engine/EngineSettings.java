package dev.loquat.internal.engine;

import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.MemoryLog;
import dev.loquat.memory.OutOfMemoryPolicy;
import dev.loquat.observation.EngineListener;
import dev.loquat.tokenizer.Tokenizer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What an engine needs to know of its model.
 *
 * @param tokenizer the model's tokenizer; the engine's once it runs
 * @param endTokens the tokens that end a text
 * @param vocabularySize the width of a row of logits
 * @param memory where readings of memory go
 * @param ledger what the backends account in, to see what they leave open
 * @param nanoClock a monotonic clock in nanoseconds
 * @param load how long the model took to load, for the results
 * @param listeners told of steps and generations, on the engine's thread
 * @param limits how much the engine takes on
 * @param outOfMemory what is tried where a step has not enough memory
 */
public record EngineSettings(
    Tokenizer tokenizer,
    Set<Integer> endTokens,
    int vocabularySize,
    MemoryLog memory,
    MemoryLedger ledger,
    LongSupplier nanoClock,
    Duration load,
    List<EngineListener> listeners,
    EngineLimits limits,
    OutOfMemoryPolicy outOfMemory) {

  /** Copies the collections. */
  public EngineSettings {
    endTokens = Set.copyOf(endTokens);
    listeners = List.copyOf(listeners);
  }
}
