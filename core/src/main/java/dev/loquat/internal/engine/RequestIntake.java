package dev.loquat.internal.engine;

import dev.loquat.constraint.ConstraintState;
import dev.loquat.error.PromptTooLongException;
import dev.loquat.generation.GenerationRequest;
import dev.loquat.generation.LogitsProcessor;
import dev.loquat.generation.PromptOverflow;
import dev.loquat.generation.SamplingOptions;
import dev.loquat.internal.scheduler.Demand;
import dev.loquat.internal.scheduler.Sequence;
import dev.loquat.sampling.Sampler;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Turns a request into a generation that can run: tokens that fit the context, options that fit the
 * vocabulary.
 *
 * <p>Safe for use by several threads: the work is done on the caller's.
 */
final class RequestIntake {
  private final EngineSettings settings;
  private final int contextLength;
  private final Runnable place;
  private final PreparedConstraints constraints;

  /** Creates it; generations call back when they leave their place in the queue. */
  RequestIntake(EngineSettings settings, int contextLength, Runnable place) {
    this.settings = settings;
    this.place = place;
    this.contextLength = contextLength;
    this.constraints = new PreparedConstraints(settings);
  }

  Generation accept(GenerationRequest request) {
    GenerationClock clock = new GenerationClock(settings.nanoClock(), settings.load());
    int[] tokens = settings.tokenizer().encode(request.prompt(), request.addSpecialTokens());
    if (tokens.length == 0) {
      throw new IllegalArgumentException(
          "The prompt '" + request.prompt() + "' has no tokens; give at least one character");
    }
    int[] prompt = fit(tokens, request.options().overflow());
    Optional<ConstraintState> constraint = request.options().constraint().map(constraints::start);
    return new Generation(
        new Sequence(prompt, new Demand(request.options().turn().priority(), 1, false)),
        request.options(),
        sampler(request.options().sampling(), constraint),
        constraint,
        settings.tokenizer().detokenizer(),
        clock,
        place);
  }

  private Sampler sampler(SamplingOptions options, Optional<ConstraintState> constraint) {
    List<LogitsProcessor> last = constraint.stream().map(RequestIntake::processor).toList();
    return Sampler.of(options, settings.vocabularySize(), settings.endTokens(), last);
  }

  private static LogitsProcessor processor(ConstraintState constraint) {
    return (history, logits) -> constraint.apply(logits);
  }

  /** A prompt must leave room for one new token. */
  private int[] fit(int[] tokens, PromptOverflow overflow) {
    int limit = contextLength - 1;
    if (tokens.length <= limit) {
      return tokens;
    }
    return switch (overflow) {
      case KEEP_END -> Arrays.copyOfRange(tokens, tokens.length - limit, tokens.length);
      case KEEP_START -> Arrays.copyOf(tokens, limit);
      case ERROR ->
          throw new PromptTooLongException(
              "The prompt has "
                  + tokens.length
                  + " tokens, but a context of "
                  + contextLength
                  + " leaves room for "
                  + limit
                  + ". Shorten it, load the model with a longer context, or choose a PromptOverflow"
                  + " that drops tokens.");
    };
  }
}
