package dev.loquat.internal.engine;

import dev.loquat.backend.CacheLayout;
import dev.loquat.error.BackendException;
import dev.loquat.error.LoquatException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.DraftSource;
import dev.loquat.generation.EngineLoad;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationRequest;
import dev.loquat.internal.kvcache.PrefixCache;
import dev.loquat.internal.scheduler.ContinuousBatchScheduler;
import dev.loquat.internal.speculation.Drafter;
import dev.loquat.internal.speculation.PromptLookup;
import dev.loquat.memory.LeakCheck;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.GenerationReport;
import dev.loquat.tokenizer.Tokenizer;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * A loaded model that generates for any number of callers, on one thread of its own.
 *
 * <p>Safe for use by several threads. Owns the backends and the tokenizer and closes them.
 */
public final class Engine implements TextEngine {
  private static final Logger LOGGER = System.getLogger(Engine.class.getName());

  private final CommandQueue commands = new CommandQueue();
  private final WaitingCallers callers = new WaitingCallers();
  private final WaitingRoom waitingRoom;
  private final RequestIntake intake;
  private final EngineBackends backends;
  private final StepRunner runner;
  private final Tokenizer tokenizer;
  private final EngineMemory memory;
  private final Observers observers;
  private final EngineLoop loop;
  private final Thread thread;
  private final LongSupplier nanoClock;

  /** Whether a step may run, or another call of the backend but that which gives all back. */
  private volatile boolean isComputing;

  private Engine(EngineSettings settings, EngineBackends backends, CacheLayout layout) {
    this.backends = backends;
    tokenizer = settings.tokenizer();
    waitingRoom = new WaitingRoom(layout.slots(), settings.limits().queueCapacity());
    intake = new RequestIntake(settings, layout, backends.draft().isPresent());
    nanoClock = settings.nanoClock();
    memory = new EngineMemory(backends, settings.ledger(), settings.memory());
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

  /**
   * Opens sessions and starts the engine's thread.
   *
   * @param settings what the engine needs to know of the model; the tokenizer is the engine's once
   *     this returns
   * @param backends the loaded models; the engine's from here on, closed if this fails
   * @param layout the KV cache's slots
   * @return the running engine; the caller closes it
   */
  public static Engine start(EngineSettings settings, EngineBackends backends, CacheLayout layout) {
    try {
      Engine engine = new Engine(settings, backends, layout);
      engine.thread.start();
      return engine;
    } catch (RuntimeException | Error e) {
      backends.close();
      throw e;
    }
  }

  @Override
  public GenerationHandle submit(GenerationRequest request) {
    requireUsable();
    return submit(intake.accept(request, arrival()));
  }

  @Override
  public GenerationHandle submit(GenerationRequest request, BeamOptions options) {
    requireUsable();
    return submit(intake.accept(request, options, arrival()));
  }

  @Override
  public List<GenerationHandle> score(GenerationRequest text) {
    requireUsable();
    return all(intake.score(text, arrival()), this::submit);
  }

  private static List<GenerationHandle> all(
      List<Generation> windows, Function<Generation, GenerationHandle> submit) {
    List<GenerationHandle> handles = new ArrayList<>();
    try {
      windows.forEach(window -> handles.add(submit.apply(window)));
    } catch (RuntimeException e) {
      handles.forEach(GenerationHandle::cancel);
      throw e;
    }
    return handles;
  }

  private GenerationHandle submit(Generation generation) {
    try {
      if (isOver(generation) || !enterRoom(generation.submission())) {
        return withoutPlace(generation, FinishReason.TIMEOUT);
      }
    } catch (InterruptedException e) {
      GenerationHandle unused = withoutPlace(generation, FinishReason.CANCELLED);
      throw Interruptions.cancelled(e);
    }
    return hand(generation, waitingRoom::leave);
  }

  private boolean enterRoom(Submission submission) throws InterruptedException {
    return waitingRoom.enter(submission.priority(), submission.nanosLeft());
  }

  @Override
  public GenerationHandle submitNow(GenerationRequest request) {
    commands.requireOpen();
    return submitNow(intake.accept(request, arrival()));
  }

  @Override
  public GenerationHandle submitNow(GenerationRequest request, BeamOptions options) {
    commands.requireOpen();
    return submitNow(intake.accept(request, options, arrival()));
  }

  @Override
  public List<GenerationHandle> scoreNow(GenerationRequest text) {
    commands.requireOpen();
    return all(intake.score(text, arrival()), this::submitNow);
  }

  private GenerationHandle submitNow(Generation generation) {
    if (isOver(generation)) {
      return withoutPlace(generation, FinishReason.TIMEOUT);
    }
    if (!waitingRoom.tryEnter()) {
      commands.offer(new EngineCommand.Tell(EngineListener::onQueueFull));
      throw waitingRoom.full();
    }
    return hand(generation, waitingRoom::leave);
  }

  private Arrival arrival() {
    return new Arrival(nanoClock.getAsLong(), waitingRoom::leave);
  }

  /**
   * Makes a request ready that has a place elsewhere, on the caller's thread.
   *
   * @param request the request
   * @param nanos when it was submitted, on this engine's clock
   * @return the request, to be taken by {@link #take}
   * @see RequestIntake#prepare
   */
  public PreparedRequest prepare(EngineRequest request, long nanos) {
    commands.requireOpen();
    return intake.prepare(request, nanos);
  }

  /**
   * Takes a request in that has a place elsewhere, whether or not a slot is free. Never waits.
   *
   * @param request a request that no engine took before
   * @return its parts, running; the caller reads or closes them
   * @throws ModelClosedException if the engine is closed; some parts may have failed then
   */
  public List<GenerationHandle> take(PreparedRequest request) {
    return request.generations().stream().map(generation -> hand(generation, () -> {})).toList();
  }

  /** What a caller's thread prepares may take all of its time. */
  private static boolean isOver(Generation generation) {
    return generation.submission().nanosLeft() <= 0;
  }

  private GenerationHandle withoutPlace(Generation generation, FinishReason reason) {
    Submission submission = generation.submission();
    submission.forgoPlace();
    submission.beforeEnd(() -> tellLater(Observers.report(generation)));
    generation.breakOff(reason);
    generation.publish();
    return new GenerationHandle(submission.events(), () -> {}, this::isEngineThread);
  }

  /** Listeners are called on the engine's thread. */
  private void tellLater(GenerationReport report) {
    commands.offer(new EngineCommand.Tell(listener -> listener.onGeneration(report)));
  }

  private GenerationHandle hand(Generation generation, Runnable place) {
    Submission submission = generation.submission();
    callers.add(submission.events().ended(), submission::abandon);
    try {
      commands.add(new EngineCommand.Submit(generation));
    } catch (LoquatException e) {
      submission.abandon(e);
      place.run();
      throw e;
    }
    submission.watchTimeout();
    return new GenerationHandle(
        submission.events(),
        () -> commands.offer(new EngineCommand.Cancel(generation)),
        this::isEngineThread);
  }

  @Override
  public int countTokens(String text, boolean addSpecialTokens) {
    commands.requireOpen();
    return tokenizer.encode(text, addSpecialTokens).length;
  }

  @Override
  public EngineLoad load() {
    return loop.load();
  }

  @Override
  public void emptyCache() {
    requireUsable();
    CompletableFuture<Void> done = new CompletableFuture<>();
    callers.add(done, done::completeExceptionally);
    commands.add(new EngineCommand.EmptyCache(done));
    try {
      done.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof LoquatException failure ? failure : e;
    }
  }

  @Override
  public boolean hasEnded() {
    return commands.isClosed();
  }

  /** Asks the engine to end, as {@link #close} does, without waiting for it. */
  public void requestClose() {
    commands.offer(new EngineCommand.Close());
  }

  @Override
  public boolean close(Duration patience) {
    if (patience.isNegative()) {
      throw new IllegalArgumentException("patience is " + patience + "; expected zero or more");
    }
    requestClose();
    if (isEngineThread()) {
      return false;
    }
    if (!hasComeBack(patience)) {
      abandon(patience);
    }
    return !thread.isAlive();
  }

  /** Patience is for a step that runs: where none does, giving everything back takes its time. */
  private boolean hasComeBack(Duration patience) {
    return Interruptions.join(thread, patience)
        || (!isComputing && Interruptions.join(thread, CLOSE_PATIENCE));
  }

  /** What a backend computes can't be taken from it: its memory stays until it comes back. */
  private void abandon(Duration patience) {
    LOGGER.log(
        Logger.Level.WARNING,
        "The backend did not come back from a step within {0}; the model gives its memory back when"
            + " it does.",
        patience);
    ModelClosedException end =
        new ModelClosedException(
            "The model was closed while its backend did not come back from a step; load it again to"
                + " go on.");
    commands.close(end).forEach(command -> refuse(command, end));
    callers.releaseAll(end);
    waitingRoom.leave();
  }

  /**
   * Whether this is the engine's own thread, which can't wait for the engine.
   *
   * @return true there
   */
  public boolean isEngineThread() {
    return Thread.currentThread() == thread;
  }

  private void requireUsable() {
    commands.requireOpen();
    if (isEngineThread()) {
      throw OwnThread.refusal();
    }
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
      refused.forEach(command -> refuse(command, end));
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

  private static void refuse(EngineCommand command, LoquatException end) {
    if (command instanceof EngineCommand.Submit submit) {
      submit.generation().submission().fail(end);
      submit.generation().publish();
    } else if (command instanceof EngineCommand.EmptyCache emptyCache) {
      emptyCache.done().completeExceptionally(end);
    }
  }
}
