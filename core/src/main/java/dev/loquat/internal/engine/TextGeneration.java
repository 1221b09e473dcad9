package dev.loquat.internal.engine;

import dev.loquat.backend.TokenDraw;
import dev.loquat.constraint.ConstraintState;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.SpeculationOptions;
import dev.loquat.generation.StopRules;
import dev.loquat.generation.TokenHistory;
import dev.loquat.generation.TokenLogProbs;
import dev.loquat.internal.scheduler.Sequence;
import dev.loquat.internal.scheduler.StepOutcome;
import dev.loquat.sampling.Draw;
import dev.loquat.sampling.LogProbabilities;
import dev.loquat.sampling.Sampler;
import dev.loquat.tokenizer.StreamingDetokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One text, token by token. */
final class TextGeneration implements Generation {
  private final Submission submission;
  private final Sequence sequence;
  private final TokenHistory history;
  private final Sampler sampler;
  private final TextLimits limits;
  private final OptionalInt topLogProbs;
  private final Optional<ConstraintState> constraint;
  private final Speculator speculator;
  private final StreamingDetokenizer detokenizer;
  private final StopMatcher stopMatcher;

  private final List<Integer> tokenIds = new ArrayList<>();
  private final List<TokenLogProbs> logProbs = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private int publishedLength;
  private @Nullable FinishReason finishReason;

  TextGeneration(
      Submission submission,
      Sequence sequence,
      Sampler sampler,
      TextLimits limits,
      OptionalInt topLogProbs,
      Optional<ConstraintState> constraint,
      SpeculationOptions speculation,
      StreamingDetokenizer detokenizer) {
    this.submission = submission;
    this.sequence = sequence;
    this.history = new SequenceHistory(sequence, tokenIds);
    this.sampler = sampler;
    this.limits = limits;
    this.topLogProbs = topLogProbs;
    this.constraint = constraint;
    this.speculator = new Speculator(speculation, sequence, history, limits);
    this.detokenizer = detokenizer;
    StopRules stop = limits.stop();
    this.stopMatcher = new StopMatcher(stop.sequences(), stop.included());
  }

  @Override
  public Submission submission() {
    return submission;
  }

  @Override
  public List<Sequence> sequences() {
    return List.of(sequence);
  }

  /** One for each draft that may be right, and one for the token behind them. */
  @Override
  public List<TokenDraw> draws(LogitsChunk chunk) {
    if (topLogProbs.isPresent()) {
      return List.of();
    }
    return IntStream.rangeClosed(0, chunk.chunk().drafts())
        .mapToObj(draft -> sampler.draw(draft).map(draw -> draw(draw, chunk.rowBehind(draft))))
        .flatMap(Optional::stream)
        .toList();
  }

  private static TokenDraw draw(Draw draw, int row) {
    return new TokenDraw(
        row, draw.temperature(), draw.topK(), draw.topP(), draw.minP(), draw.uniform());
  }

  /** Goes on behind the drafts that were right, to the first token that was not drafted. */
  @Override
  public List<StepOutcome> decode(List<LogitsChunk> chunks, float[] row) {
    LogitsChunk chunk = chunks.get(0);
    List<Integer> tokens = new ArrayList<>();
    int right = 0;
    while (finishReason == null && tokens.size() == right) {
      int token = sample(chunk, right, row);
      tokens.add(token);
      accept(token);
      right += chunk.isRight(right, token) ? 1 : 0;
    }
    speculator.note(chunk.chunk().drafts(), right);
    return List.of(
        finishReason == null
            ? new StepOutcome.Continued(sequence, tokens)
            : new StepOutcome.Ended(sequence));
  }

  @Override
  public Optional<Speculator> speculator() {
    return Optional.of(speculator);
  }

  @Override
  public int newTokens() {
    return tokenIds.size();
  }

  @Override
  public Optional<FinishReason> finishReason() {
    return Optional.ofNullable(finishReason);
  }

  @Override
  public void breakOff(FinishReason reason) {
    end(reason);
  }

  @Override
  public void publish() {
    if (text.length() > publishedLength) {
      submission.events().add(new GenerationEvent.Text(text.substring(publishedLength)));
      publishedLength = text.length();
    }
    if (finishReason != null || submission.isFailed()) {
      submission.end(() -> new GenerationEvent.Finished(result()));
    }
  }

  private int sample(LogitsChunk chunk, int draft, float[] row) {
    OptionalInt drawn = chunk.drawnBehind(draft);
    if (drawn.isPresent()) {
      sampler.skip();
      return drawn.getAsInt();
    }
    chunk.read(draft, row);
    int token = sampler.sample(row, history);
    if (topLogProbs.isPresent()) {
      chunk.read(draft, row);
      logProbs.add(LogProbabilities.of(row, token, topLogProbs.getAsInt()));
    }
    return token;
  }

  private void accept(int token) {
    note(token);
    limits.before(token).ifPresentOrElse(this::end, () -> append(token));
  }

  private void append(int token) {
    text.append(stopMatcher.accept(detokenizer.accept(token)));
    if (stopMatcher.isMatched()) {
      finishReason = FinishReason.STOP_SEQUENCE;
    } else {
      endAfter(token).ifPresent(this::end);
    }
  }

  private Optional<FinishReason> endAfter(int token) {
    constraint.ifPresent(state -> state.accept(token));
    return constraint.filter(ConstraintState::isExhausted).isPresent()
        ? Optional.of(FinishReason.CONSTRAINT_COMPLETE)
        : limits.after(token, tokenIds.size());
  }

  /** Ends the text and lets out what was held back, which may hold a stop sequence yet. */
  private void end(FinishReason reason) {
    text.append(stopMatcher.accept(detokenizer.finish()));
    text.append(stopMatcher.finish());
    finishReason = stopMatcher.isMatched() ? FinishReason.STOP_SEQUENCE : reason;
  }

  private void note(int token) {
    submission.token();
    tokenIds.add(token);
  }

  private GenerationResult result() {
    return new GenerationResult(
        text.toString(),
        tokenIds,
        logProbs,
        finishReason == null ? FinishReason.CANCELLED : finishReason,
        sequence.promptLength(),
        sequence.reusedTokens(),
        speculator.summary(),
        submission.timings(tokenIds.size()));
  }
}
