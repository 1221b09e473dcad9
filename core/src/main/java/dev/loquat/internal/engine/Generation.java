package dev.loquat.internal.engine;

import dev.loquat.constraint.ConstraintState;
import dev.loquat.error.LoquatException;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationOptions;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.TokenHistory;
import dev.loquat.internal.scheduler.Sequence;
import dev.loquat.sampling.Sampler;
import dev.loquat.tokenizer.StreamingDetokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to a text.
 *
 * <p>The engine thread owns all of it but the channel of events, from which the caller reads.
 */
final class Generation {
  private final Sequence sequence;
  private final GenerationOptions options;
  private final TokenHistory history;
  private final Sampler sampler;
  private final Optional<ConstraintState> constraint;
  private final StreamingDetokenizer detokenizer;
  private final StopMatcher stopMatcher;
  private final GenerationClock clock;
  private final Runnable place;
  private final EventChannel events = new EventChannel();

  private final List<Integer> tokenIds = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private int publishedLength;
  private boolean isQueued = true;
  private @Nullable FinishReason finishReason;
  private @Nullable LoquatException failure;

  Generation(
      Sequence sequence,
      GenerationOptions options,
      Sampler sampler,
      Optional<ConstraintState> constraint,
      StreamingDetokenizer detokenizer,
      GenerationClock clock,
      Runnable place) {
    this.sequence = sequence;
    this.options = options;
    this.history = new SequenceHistory(sequence, tokenIds);
    this.sampler = sampler;
    this.constraint = constraint;
    this.detokenizer = detokenizer;
    this.stopMatcher = new StopMatcher(options.stop().sequences(), options.stop().included());
    this.clock = clock;
    this.place = place;
  }

  Sequence sequence() {
    return sequence;
  }

  GenerationOptions options() {
    return options;
  }

  EventChannel events() {
    return events;
  }

  /** Chooses the next token; may overwrite the logits. */
  int sample(float[] logits) {
    return sampler.sample(logits, history);
  }

  /** Notes that a step computes for it. */
  void start() {
    clock.start();
    leaveQueue();
  }

  /** Takes a token of the text. */
  void accept(int token) {
    note(token);
    text.append(stopMatcher.accept(detokenizer.accept(token)));
    if (stopMatcher.isMatched()) {
      finishReason = FinishReason.STOP_SEQUENCE;
    }
    constraint.ifPresent(state -> advance(state, token));
  }

  private void advance(ConstraintState state, int token) {
    state.accept(token);
    if (state.isExhausted()) {
      end(FinishReason.CONSTRAINT_COMPLETE);
    }
  }

  /** Takes a token that ends the text and is not part of it. */
  void acceptEnd(int token, FinishReason reason) {
    note(token);
    end(reason);
  }

  /** Ends the text and lets out what was held back, which may hold a stop sequence yet. */
  void end(FinishReason reason) {
    text.append(stopMatcher.accept(detokenizer.finish()));
    text.append(stopMatcher.finish());
    finishReason = stopMatcher.isMatched() ? FinishReason.STOP_SEQUENCE : reason;
  }

  /** Ends the text where it is. */
  void breakOff(FinishReason reason) {
    finishReason = reason;
  }

  /** How long it is still wanted; not above 0 once its timeout is over. */
  long nanosLeft() {
    return options
        .turn()
        .timeout()
        .map(timeout -> TimeUnit.NANOSECONDS.convert(timeout) - clock.elapsed())
        .orElse(Long.MAX_VALUE);
  }

  /** Ends before it got a place in the queue. */
  GenerationHandle timedOut() {
    isQueued = false;
    breakOff(FinishReason.TIMEOUT);
    publish();
    return new GenerationHandle(events, () -> {});
  }

  void fail(LoquatException cause) {
    failure = cause;
  }

  boolean isEnded() {
    return finishReason != null || failure != null;
  }

  int newTokens() {
    return tokenIds.size();
  }

  /** Tells the reader what is new since the last call. */
  void publish() {
    if (text.length() > publishedLength) {
      events.add(new GenerationEvent.Text(text.substring(publishedLength)));
      publishedLength = text.length();
    }
    if (isEnded()) {
      leaveQueue();
    }
    if (failure != null) {
      events.add(new GenerationEvent.Failed(failure));
    } else if (finishReason != null) {
      events.add(new GenerationEvent.Finished(result(finishReason)));
    }
  }

  private void leaveQueue() {
    if (isQueued) {
      isQueued = false;
      place.run();
    }
  }

  private void note(int token) {
    if (tokenIds.isEmpty()) {
      clock.firstToken();
    }
    tokenIds.add(token);
  }

  private GenerationResult result(FinishReason reason) {
    return new GenerationResult(
        text.toString(),
        tokenIds,
        reason,
        sequence.promptLength(),
        sequence.reusedTokens(),
        clock.timings(newTokens()));
  }
}
