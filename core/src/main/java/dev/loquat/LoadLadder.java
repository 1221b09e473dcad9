package dev.loquat;

import dev.loquat.device.NativeHeap;
import dev.loquat.error.OutOfMemoryException;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.memory.OutOfMemoryRung;
import dev.loquat.memory.ProcessMemory;
import dev.loquat.observation.OutOfMemoryReport;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Loads a model, on other terms where memory does not suffice for those asked for: rungs are taken
 * until the plan fits. If none is left, the model is loaded all the same, since a KV cache takes
 * memory only as sequences grow.
 */
final class LoadLadder {
  /** What may gain once more after other rungs, in this order. */
  private static final List<OutOfMemoryRung> AGAIN =
      List.of(
          OutOfMemoryRung.SMALLER_BATCH, OutOfMemoryRung.HALF_PRECISION, OutOfMemoryRung.QUANTIZE);

  private final LoadOptions asked;
  private final Function<LoadOptions, ModelAssembly> assemblies;
  private final Consumer<OutOfMemoryReport> listener;
  private final Iterator<OutOfMemoryRung> rungs;
  private final List<OutOfMemoryRung> passed = new ArrayList<>();
  private final List<String> tried = new ArrayList<>();
  private LoadOptions options;

  LoadLadder(
      LoadOptions options,
      Function<LoadOptions, ModelAssembly> assemblies,
      Consumer<OutOfMemoryReport> listener) {
    asked = options;
    this.options = options;
    this.assemblies = assemblies;
    this.listener = listener;
    rungs = options.outOfMemory().rungs().iterator();
  }

  Model load() {
    while (true) {
      ModelAssembly assembly = assemblies.apply(options);
      MemoryPlan plan = assembly.plan();
      if (!plan.fits() && climb(plan, new PlanShortage(plan).bytes())) {
        continue;
      }
      try {
        return assembly.load();
      } catch (OutOfMemoryException e) {
        if (!climb(plan, String.valueOf(e.getMessage()))) {
          throw exhausted(plan, e);
        }
      }
    }
  }

  /** Takes a rung again that gains more on the new terms, else the next; false if none gains. */
  private boolean climb(MemoryPlan plan, String cause) {
    return AGAIN.stream().filter(passed::contains).anyMatch(rung -> take(rung, plan, cause))
        || climbFurther(plan, cause);
  }

  private boolean climbFurther(MemoryPlan plan, String cause) {
    while (rungs.hasNext()) {
      OutOfMemoryRung rung = rungs.next();
      passed.add(rung);
      if (take(rung, plan, cause)) {
        return true;
      }
      tried.add(rung + ": nothing to gain");
    }
    return false;
  }

  private boolean take(OutOfMemoryRung rung, MemoryPlan plan, String cause) {
    Optional<LoadOptions> changed =
        new LoadRung(asked, options, plan, LoadLadder::trimmed).take(rung);
    changed.ifPresent(
        next -> {
          String change = change(next);
          tried.add(rung + ": " + change);
          listener.accept(new OutOfMemoryReport(rung, change, cause, true));
          options = next;
        });
    return changed.isPresent();
  }

  /** What freed memory the C library gave back, as the system counts the process. */
  private static long trimmed() {
    ProcessMemory process = ProcessMemory.current();
    long before = process.residentBytes();
    NativeHeap.trim();
    return before - process.residentBytes();
  }

  private String change(LoadOptions next) {
    if (!next.source().equals(options.source())) {
      return "loading " + next.source();
    }
    if (!next.device().equals(options.device())) {
      return next.device().map(device -> "on " + device).orElse("on any device");
    }
    if (next.precision() != options.precision()) {
      return options.precision() + " to " + next.precision();
    }
    return next.batch() == options.batch() ? "memory given back" : "batch " + next.batch();
  }

  private OutOfMemoryException exhausted(MemoryPlan plan, OutOfMemoryException last) {
    OutOfMemoryException end =
        new OutOfMemoryException(
            last.getMessage()
                + " Tried before: "
                + (tried.isEmpty() ? "nothing" : String.join("; ", tried))
                + ". "
                + new PlanShortage(plan).wayOut(),
            last.neededBytes(),
            last.availableBytes());
    end.addSuppressed(last);
    return end;
  }
}
