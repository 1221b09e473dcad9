package dev.loquat.internal.engine;

import dev.loquat.backend.CacheLayout;
import dev.loquat.error.LoquatException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.EngineLoad;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationRequest;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.GenerationReport;
import dev.loquat.tokenizer.Tokenizer;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * A loaded model that generates for any number of callers, on one thread of its own. This is the
 * callers' side: what they ask goes as commands to {@link EngineThread}.
 *
 * <p>Safe for use by several threads. Owns the thread, and with it the backends and the tokenizer.
 */
public final class Engine implements TextEngine {
  private static final Logger LOGGER = System.getLogger(Engine.class.getName());

  private final CommandQueue commands = new CommandQueue();
  private final WaitingCallers callers = new WaitingCallers();
  private final WaitingRoom waitingRoom;
  private final RequestIntake intake;
  private final Tokenizer tokenizer;
  private final LongSupplier nanoClock;
  private final EngineThread thread;

  private Engine(EngineSettings settings, EngineBackends backends, CacheLayout layout) {
    tokenizer = settings.tokenizer();
    waitingRoom = new WaitingRoom(layout.slots(), settings.limits().queueCapacity());
    intake = new RequestIntake(settings, layout, backends.draft().isPresent());
    nanoClock = settings.nanoClock();
    thread = new EngineThread(commands, callers, settings, backends, layout);
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
    return thread.load();
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
    return !isEngineThread() && awaitEnd(awaitStep(patience) ? CLOSE_PATIENCE : Duration.ZERO);
  }

  /**
   * Waits, after {@link #requestClose}, until no step runs any more.
   *
   * @param patience how long to wait
   * @return whether none does
   */
  public boolean awaitStep(Duration patience) {
    return thread.rests(patience);
  }

  /**
   * Waits, after {@link #requestClose}, until everything was given back; if it is not, releases
   * every caller, and the engine's thread gives everything back when it can.
   *
   * @param patience how long to wait
   * @return whether everything was given back
   */
  public boolean awaitEnd(Duration patience) {
    boolean hasEnded = thread.ends(patience);
    if (!hasEnded) {
      abandon();
    }
    return hasEnded;
  }

  /** What a backend computes can't be taken from it: its memory stays until it comes back. */
  private void abandon() {
    LOGGER.log(
        Logger.Level.WARNING,
        "The backend did not come back from a step in time; the model gives its memory back when it"
            + " does.");
    ModelClosedException end =
        new ModelClosedException(
            "The model was closed while its backend did not come back from a step; load it again to"
                + " go on.");
    commands.close(end).forEach(command -> command.refuse(end));
    callers.releaseAll(end);
    waitingRoom.leave();
  }

  /**
   * Whether this is the engine's own thread, which can't wait for the engine.
   *
   * @return true there
   */
  public boolean isEngineThread() {
    return thread.isCurrent();
  }

  private void requireUsable() {
    commands.requireOpen();
    if (isEngineThread()) {
      throw OwnThread.refusal();
    }
  }
}
