package dev.loquat.internal.engine;

import dev.loquat.error.TimedOutException;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.TokenLogProbs;
import dev.loquat.internal.scheduler.Sequence;
import dev.loquat.internal.scheduler.StepOutcome;
import dev.loquat.sampling.LogProbabilities;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The log-probabilities of a text that is there already: a prefill, and no new token. */
final class ScoreGeneration implements Generation {
  private final Submission submission;
  private final Sequence text;
  private final int top;
  private final List<TokenLogProbs> scores = new ArrayList<>();
  private final int firstScored;
  private @Nullable FinishReason breakOff;
  private boolean isOver;

  /**
   * Creates it.
   *
   * @param submission its way through the engine
   * @param text the text, which demands the logits of its prompt
   * @param firstScored the first position that is scored, 1 or more
   * @param top how many of the likeliest tokens each position reports
   */
  ScoreGeneration(Submission submission, Sequence text, int firstScored, int top) {
    this.submission = submission;
    this.text = text;
    this.firstScored = firstScored;
    this.top = top;
  }

  @Override
  public Submission submission() {
    return submission;
  }

  @Override
  public List<Sequence> sequences() {
    return List.of(text);
  }

  @Override
  public List<StepOutcome> decode(List<LogitsChunk> chunks, float[] row) {
    LogitsChunk chunk = chunks.get(0);
    for (int position = chunk.firstPosition(); position < chunk.endPosition(); position++) {
      score(chunk, position, row);
    }
    isOver = chunk.endPosition() == text.length();
    return isOver ? List.of(new StepOutcome.Ended(text)) : List.of();
  }

  @Override
  public int newTokens() {
    return 0;
  }

  @Override
  public Optional<FinishReason> finishReason() {
    return Optional.ofNullable(breakOff);
  }

  /** Part of a score is none: it would pass for that of the whole text. */
  @Override
  public void breakOff(FinishReason reason) {
    breakOff = reason;
    isOver = true;
    if (reason == FinishReason.TIMEOUT) {
      submission.fail(timedOut());
    }
  }

  @Override
  public void publish() {
    if (isOver || submission.isFailed()) {
      submission.end(() -> new GenerationEvent.Scored(List.copyOf(scores)));
    }
  }

  /** Later windows of a text may wait for the first, which had a slot. */
  private TimedOutException timedOut() {
    if (!submission.hasStarted() && firstScored == 1) {
      return new TimedOutException(
          "The timeout was over while the text still waited for a slot, and none of it was scored."
              + " Load the model with more slots (batch), have fewer callers at a time, or raise"
              + " the timeout.");
    }
    return new TimedOutException(
        "The timeout was over when "
            + scores.size()
            + " of "
            + (text.length() - firstScored)
            + " tokens of the text were scored. Raise the timeout, or score the text in parts.");
  }

  /**
   * The logits of a position say what comes at the next. A text that starts again after a failed
   * step is scored again.
   */
  private void score(LogitsChunk chunk, int position, float[] row) {
    int next = position + 1;
    if (next >= firstScored && next < text.length()) {
      chunk.readAt(position, row);
      int index = next - firstScored;
      scores.subList(index, scores.size()).clear();
      scores.add(LogProbabilities.of(row, text.token(next), top));
    }
  }
}
