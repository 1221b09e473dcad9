package dev.loquat.internal.engine;

import dev.loquat.backend.CacheLayout;
import dev.loquat.constraint.ConstraintState;
import dev.loquat.error.CheckpointException;
import dev.loquat.error.PromptTooLongException;
import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.GenerationOptions;
import dev.loquat.generation.GenerationRequest;
import dev.loquat.generation.LogitsProcessor;
import dev.loquat.internal.scheduler.Demand;
import dev.loquat.internal.scheduler.Sequence;
import dev.loquat.sampling.BeamSearch;
import dev.loquat.sampling.Sampler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Turns a request into a generation that can run: tokens that fit the context, options that fit the
 * vocabulary.
 *
 * <p>Safe for use by several threads: the work is done on the caller's.
 */
public final class RequestIntake {
  private final EngineSettings settings;
  private final CacheLayout layout;
  private final boolean hasDraftModel;
  private final PreparedConstraints constraints;

  /**
   * Creates it.
   *
   * @param settings what there is to know of the model; stay the caller's
   * @param layout the slots of the engine that shall run what is prepared
   * @param hasDraftModel whether that engine has one
   */
  public RequestIntake(EngineSettings settings, CacheLayout layout, boolean hasDraftModel) {
    this.settings = settings;
    this.layout = layout;
    this.hasDraftModel = hasDraftModel;
    this.constraints = new PreparedConstraints(settings);
  }

  /**
   * Makes a request ready.
   *
   * @param request the request
   * @param nanos when it was submitted, on the clock of the settings
   * @return the request, ready for an engine
   * @throws PromptTooLongException if the prompt does not fit the context
   * @throws IllegalArgumentException if the options contradict each other or the model
   */
  public PreparedRequest prepare(EngineRequest request, long nanos) {
    return new PreparedRequest(request, accept(request, new Arrival(nanos, () -> {})));
  }

  private List<Generation> accept(EngineRequest asked, Arrival arrival) {
    if (asked instanceof EngineRequest.Beams beams) {
      return List.of(accept(beams.request(), beams.options(), arrival));
    }
    return asked instanceof EngineRequest.Score score
        ? score(score.request(), arrival)
        : List.of(accept(asked.request(), arrival));
  }

  /** A generation whose time is over already may lack its constraint; it must not run. */
  Generation accept(GenerationRequest request, Arrival arrival) {
    GenerationOptions options = request.options();
    OptionConflicts.requireDrafter(options.speculation(), hasDraftModel);
    OptionConflicts.requireKnownStopTokens(options, settings.vocabularySize());
    Submission submission = submission(options, arrival);
    Sequence sequence = sequence(request, 1);
    Optional<ConstraintState> constraint =
        options.constraint().flatMap(given -> constraints.start(given, submission));
    return new TextGeneration(
        submission,
        sequence,
        sampler(options, constraint),
        limits(sequence, options),
        options.logProbs(),
        constraint,
        options.speculation(),
        settings.tokenizer().detokenizer());
  }

  Generation accept(GenerationRequest request, BeamOptions beams, Arrival arrival) {
    GenerationOptions options = request.options();
    OptionConflicts.requireBeams(options, beams, layout.slots());
    OptionConflicts.requireKnownStopTokens(options, settings.vocabularySize());
    Submission submission = submission(options, arrival);
    Sequence sequence = sequence(request, beams.beams());
    TextLimits limits = limits(sequence, options);
    int maxNewTokens = Math.min(limits.maxNewTokens(), limits.contextLeft());
    BeamSearch search =
        new BeamSearch(
            beams, options.sampling(), settings.vocabularySize(), endTokens(options), maxNewTokens);
    return new BeamGeneration(submission, sequence, search, limits, settings.tokenizer());
  }

  private Submission submission(GenerationOptions options, Arrival arrival) {
    GenerationClock clock =
        new GenerationClock(settings.nanoClock(), settings.load(), arrival.nanos());
    return new Submission(options.turn(), clock, arrival.place());
  }

  /**
   * Cuts a text into windows of the context, of which the later ones overlap by half, so that every
   * token is scored once and has half of the context before it at least.
   */
  List<Generation> score(GenerationRequest request, Arrival arrival) {
    OptionConflicts.requireScore(request.options());
    int[] tokens = encode(request);
    int stride = Math.max(1, layout.contextLength() / 2);
    List<Generation> windows = new ArrayList<>();
    int firstScored = 1;
    for (int start = 0; firstScored < tokens.length; start += stride) {
      int end = Math.min(tokens.length, start + layout.contextLength());
      int[] window = Arrays.copyOfRange(tokens, start, end);
      windows.add(
          score(
              submission(request.options(), arrival),
              request.options(),
              window,
              firstScored - start));
      firstScored = end;
    }
    return windows;
  }

  private static Generation score(
      Submission submission, GenerationOptions options, int[] window, int firstScored) {
    Demand demand = new Demand(options.turn().priority(), 1, true);
    return new ScoreGeneration(
        submission, new Sequence(window, demand), firstScored, options.logProbs().orElse(0));
  }

  private int[] encode(GenerationRequest request) {
    int[] tokens = settings.tokenizer().encode(request.prompt(), request.addSpecialTokens());
    if (tokens.length == 0) {
      throw new IllegalArgumentException(
          request.name()
              + " '"
              + request.prompt()
              + "' has no tokens; give at least one character");
    }
    for (int token : tokens) {
      requireKnown(token);
    }
    return tokens;
  }

  private void requireKnown(int token) {
    if (token < 0 || token >= settings.vocabularySize()) {
      throw new CheckpointException(
          "The tokenizer gives token id "
              + token
              + ", but the model has "
              + settings.vocabularySize()
              + " tokens (vocab_size). tokenizer.json and config.json don't belong together, or the"
              + " prompt has a token that was added without resizing the embedding; leave it out.");
    }
  }

  private Sequence sequence(GenerationRequest request, int slots) {
    int[] tokens = encode(request);
    GenerationOptions options = request.options();
    int[] kept = fit(request, tokens);
    return new Sequence(kept, new Demand(options.turn().priority(), slots, false));
  }

  private TextLimits limits(Sequence sequence, GenerationOptions options) {
    int contextLeft = layout.contextLength() - sequence.promptLength();
    return TextLimits.of(settings.endTokens(), options, contextLeft);
  }

  private Sampler sampler(GenerationOptions options, Optional<ConstraintState> constraint) {
    List<LogitsProcessor> last = constraint.stream().map(RequestIntake::processor).toList();
    return Sampler.of(options.sampling(), settings.vocabularySize(), endTokens(options), last);
  }

  /** The model's and the request's own. */
  private Set<Integer> endTokens(GenerationOptions options) {
    Set<Integer> endTokens = new HashSet<>(settings.endTokens());
    endTokens.addAll(options.stop().tokens());
    return endTokens;
  }

  private static LogitsProcessor processor(ConstraintState constraint) {
    return (history, logits) -> constraint.apply(logits);
  }

  private int[] fit(GenerationRequest request, int[] tokens) {
    GenerationOptions options = request.options();
    return switch (options.overflow()) {
      case KEEP_END -> keepEnd(request, tokens, lengthWithRoom(options));
      case KEEP_START -> Arrays.copyOf(tokens, Math.min(tokens.length, lengthWithRoom(options)));
      case ERROR -> fitting(request.name(), tokens);
    };
  }

  private int[] keepEnd(GenerationRequest request, int[] tokens, int limit) {
    if (tokens.length <= limit) {
      return tokens;
    }
    int[] kept = Arrays.copyOfRange(tokens, tokens.length - limit, tokens.length);
    int added = Math.min(addedBefore(request, tokens), limit);
    System.arraycopy(tokens, 0, kept, 0, added);
    return kept;
  }

  /** How many tokens before the text are the tokenizer's own. */
  private int addedBefore(GenerationRequest request, int[] tokens) {
    if (!request.addSpecialTokens()) {
      return 0;
    }
    int[] text = settings.tokenizer().encode(request.prompt(), false);
    int added = 0;
    while (added + text.length < tokens.length
        && !Arrays.equals(tokens, added, added + text.length, text, 0, text.length)) {
      added++;
    }
    return added + text.length <= tokens.length ? added : 0;
  }

  private int lengthWithRoom(GenerationOptions options) {
    int room = Math.min(options.maxNewTokens(), layout.contextLength() / 2);
    return layout.contextLength() - room;
  }

  /** A prompt must leave room for one new token. */
  private int[] fitting(String name, int[] tokens) {
    int limit = layout.contextLength() - 1;
    if (tokens.length > limit) {
      throw new PromptTooLongException(
          name
              + " has "
              + tokens.length
              + " tokens, but a context of "
              + layout.contextLength()
              + " leaves room for "
              + limit
              + ". Shorten it, load the model with a longer context, or choose a PromptOverflow"
              + " that drops tokens.");
    }
    return tokens;
  }
}
