package dev.loquat.internal.engine;

import dev.loquat.error.LoquatException;
import java.util.function.Function;

/**
 * What it means for the engine that code which it calls has thrown: backends, tokenizers and what
 * callers plug in may throw anything, checked exceptions of other JVM languages too.
 *
 * <p>Short memory, deep recursion and classes that don't link concern the call that met them. Other
 * errors of the virtual machine concern all.
 */
final class Faults {
  private Faults() {}

  /** Throws a fault on that the engine can't outlive. */
  static void requireContained(Throwable fault) {
    if (fault instanceof VirtualMachineError fatal
        && !(fault instanceof OutOfMemoryError)
        && !(fault instanceof StackOverflowError)) {
      throw fatal;
    }
  }

  /** What a caller is told of a fault that the engine outlives. */
  static LoquatException typed(Throwable fault, Function<Throwable, LoquatException> type) {
    requireContained(fault);
    return fault instanceof LoquatException known ? known : type.apply(fault);
  }
}
