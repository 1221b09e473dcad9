package dev.loquat.internal.engine;

import dev.loquat.backend.CacheLayout;
import dev.loquat.error.BackendException;
import dev.loquat.error.LoquatException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.generation.DraftSource;
import dev.loquat.generation.EngineLoad;
import dev.loquat.internal.kvcache.PrefixCache;
import dev.loquat.internal.scheduler.ContinuousBatchScheduler;
import dev.loquat.internal.speculation.Drafter;
import dev.loquat.internal.speculation.PromptLookup;
import dev.loquat.memory.LeakCheck;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.tokenizer.Tokenizer;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The engine's thread: obeys what callers ask, takes steps while there is something to compute, and
 * gives everything back when it ends.
 *
 * <p>What is not private is safe for any thread; the rest runs on this one alone. Owns the
 * sessions, the backends and the tokenizer, and closes them as the last it does.
 */
final class EngineThread {
  private static final Logger LOGGER = System.getLogger(EngineThread.class.getName());

  private final CommandQueue commands;
  private final WaitingCallers callers;
  private final EngineBackends backends;
  private final StepRunner runner;
  private final Tokenizer tokenizer;
  private final EngineMemory memory;
  private final Observers observers;
  private final EngineLoop loop;
  private final Thread thread;

  /** Whether a step may run, or another call of the backend but that which gives all back. */
  private volatile boolean isComputing;

  /**
   * Opens the sessions; nothing is closed if that fails.
   *
   * @param commands what it is asked to do
   * @param callers who is released when it ends
   */
  EngineThread(
      CommandQueue commands,
      WaitingCallers callers,
      EngineSettings settings,
      EngineBackends backends,
      CacheLayout layout) {
    this.commands = commands;
    this.callers = callers;
    this.backends = backends;
    tokenizer = settings.tokenizer();
    memory =
        new EngineMemory(
            backends,
            settings.ledger(),
            settings.memory(),
            () -> backends.neighbours().emptyOthers(commands));
    SequenceDecoder decoder = new SequenceDecoder(settings.vocabularySize());
    ContinuousBatchScheduler scheduler =
        new ContinuousBatchScheduler(
            new PrefixCache(layout.slots(), settings.limits().keptTokens()),
            settings.limits().stepTokens());
    observers = new Observers(settings.listeners(), settings.nanoClock());
    runner =
        new StepRunner(backends.model(), layout, settings.vocabularySize(), settings.nanoClock());
    Drafting drafting =
        new Drafting(drafters(settings, backends, layout), runner.batchesLongRows(), observers);
    loop = new EngineLoop(scheduler, runner, decoder, drafting, memory, observers, settings);
    memory.record(MemoryPhase.AFTER_OPEN);
    thread = new Thread(this::run, "loquat-engine");
    thread.setDaemon(true);
  }

  private static Map<DraftSource, Drafter> drafters(
      EngineSettings settings, EngineBackends backends, CacheLayout layout) {
    Map<DraftSource, Drafter> drafters = new EnumMap<>(DraftSource.class);
    drafters.put(DraftSource.PROMPT_LOOKUP, new PromptLookup());
    backends
        .draft()
        .ifPresent(draft -> drafters.put(DraftSource.DRAFT_MODEL, draft.open(settings, layout)));
    return drafters;
  }

  void start() {
    backends.neighbours().join(commands);
    thread.start();
  }

  boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  EngineLoad load() {
    return loop.load();
  }

  /** Waits until no step runs any more, having been asked to end. */
  boolean rests(Duration patience) {
    return Interruptions.join(thread, patience) || !isComputing;
  }

  /** Waits until it has ended, having been asked to. */
  boolean ends(Duration patience) {
    return Interruptions.join(thread, patience);
  }

  private void run() {
    try {
      while (obeyAll()) {
        loop.endOverdue();
        if (!loop.isIdle()) {
          loop.step();
        }
      }
      stop(new ModelClosedException("The model was closed; load it again to go on."));
    } catch (BackendException e) {
      stop(e);
    } catch (Throwable e) {
      stop(unexpected(e));
    }
  }

  /** Obeys every command that waits, and waits for one while there is nothing to compute. */
  private boolean obeyAll() {
    EngineCommand command = loop.isIdle() ? takeIdle() : commands.poll();
    while (command != null) {
      if (!obey(command)) {
        return false;
      }
      command = commands.poll();
    }
    return true;
  }

  private EngineCommand takeIdle() {
    memory.idle();
    isComputing = false;
    EngineCommand command = commands.take();
    isComputing = !(command instanceof EngineCommand.Close);
    return command;
  }

  private boolean obey(EngineCommand command) {
    if (command instanceof EngineCommand.Submit submit) {
      loop.submit(submit.generation());
    } else if (command instanceof EngineCommand.Cancel cancel) {
      loop.cancel(cancel.generation());
    } else if (command instanceof EngineCommand.EmptyCache emptyCache) {
      emptyCache(emptyCache.done());
    } else if (command instanceof EngineCommand.Tell tell) {
      observers.tell(tell.message());
    }
    return !(command instanceof EngineCommand.Close);
  }

  private void emptyCache(CompletableFuture<Void> done) {
    try {
      loop.clearFreeSlots();
      backends.emptyCache();
      memory.record(MemoryPhase.AFTER_CLEANUP);
      done.complete(null);
    } catch (BackendException e) {
      done.completeExceptionally(e);
    } catch (RuntimeException | Error e) {
      BackendException end = unexpected(e);
      done.completeExceptionally(end);
      throw end;
    }
  }

  private static BackendException unexpected(Throwable cause) {
    return new BackendException("The engine stopped unexpectedly; load the model again.", cause);
  }

  private void stop(LoquatException end) {
    isComputing = false;
    List<EngineCommand> refused = commands.close(end);
    try (tokenizer;
        backends;
        runner) {
      release(refused, end);
    } catch (Throwable e) {
      LOGGER.log(Logger.Level.ERROR, "The engine could not give everything back", e);
    }
    tellWhatIsLeft(memory.close());
  }

  private void tellWhatIsLeft(LeakCheck left) {
    if (!left.isClean()) {
      LOGGER.log(
          Logger.Level.WARNING,
          "The closed model still holds {0} bytes on its device and {1}; report it.",
          left.deviceBytes(),
          left.resources());
    }
    observers.closed(left);
  }

  private void release(List<EngineCommand> refused, LoquatException end) {
    try {
      loop.failAll(end);
      refused.forEach(this::observe);
      refused.forEach(command -> command.refuse(end));
    } finally {
      callers.releaseAll(end);
    }
  }

  private void observe(EngineCommand refused) {
    if (refused instanceof EngineCommand.Submit submit) {
      Generation generation = submit.generation();
      generation.submission().beforeEnd(() -> observers.ended(generation));
    } else if (refused instanceof EngineCommand.Tell tell) {
      observers.tell(tell.message());
    }
  }
}
