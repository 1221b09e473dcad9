package dev.loquat.internal.engine;

import dev.loquat.generation.FinishReason;
import dev.loquat.generation.ScoredText;
import dev.loquat.internal.scheduler.Sequence;
import dev.loquat.internal.scheduler.StepOutcome;
import dev.loquat.sampling.BeamSearch;
import dev.loquat.sampling.BeamSearch.Choice;
import dev.loquat.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The likeliest texts of one prompt: a sequence for each beam. */
final class BeamGeneration implements Generation {
  private final Submission submission;
  private final BeamSearch search;
  private final TextLimits limits;
  private final Tokenizer tokenizer;
  private List<Sequence> beams;
  private int newTokens;
  private @Nullable FinishReason breakOff;
  private boolean isOver;

  BeamGeneration(
      Submission submission,
      Sequence sequence,
      BeamSearch search,
      TextLimits limits,
      Tokenizer tokenizer) {
    this.submission = submission;
    this.search = search;
    this.limits = limits;
    this.tokenizer = tokenizer;
    beams = List.of(sequence);
  }

  @Override
  public Submission submission() {
    return submission;
  }

  @Override
  public List<Sequence> sequences() {
    return beams;
  }

  @Override
  public List<StepOutcome> decode(List<LogitsChunk> chunks, float[] row) {
    submission.token();
    newTokens++;
    for (LogitsChunk chunk : chunks) {
      chunk.read(0, row);
      Sequence beam = chunk.sequence();
      search.offer(beams.indexOf(beam), row, beam);
    }
    List<Choice> choices = search.choose();
    isOver = choices.isEmpty();
    return isOver ? beams.stream().map(BeamGeneration::ended).toList() : follow(choices);
  }

  @Override
  public int newTokens() {
    return newTokens;
  }

  @Override
  public Optional<FinishReason> finishReason() {
    return Optional.ofNullable(breakOff);
  }

  @Override
  public void breakOff(FinishReason reason) {
    breakOff = reason;
    isOver = true;
  }

  @Override
  public void publish() {
    if (isOver || submission.isFailed()) {
      submission.end(() -> new GenerationEvent.Ranked(texts()));
    }
  }

  /**
   * Beams without a choice end and leave their slots to branches; the first choice of a beam goes
   * on in its place, which comes last, since branches begin where it is now.
   */
  private List<StepOutcome> follow(List<Choice> choices) {
    List<StepOutcome> outcomes = new ArrayList<>();
    List<StepOutcome> continued = new ArrayList<>();
    IntStream.range(0, beams.size())
        .filter(beam -> choices.stream().noneMatch(choice -> choice.beam() == beam))
        .forEach(beam -> outcomes.add(ended(beams.get(beam))));
    List<Sequence> next = new ArrayList<>();
    for (Choice choice : choices) {
      Sequence beam = beams.get(choice.beam());
      if (next.contains(beam)) {
        Sequence branch = beam.branch();
        outcomes.add(new StepOutcome.Branched(beam, branch, choice.token()));
        next.add(branch);
      } else {
        continued.add(new StepOutcome.Continued(beam, List.of(choice.token())));
        next.add(beam);
      }
    }
    outcomes.addAll(continued);
    beams = List.copyOf(next);
    return outcomes;
  }

  private static StepOutcome ended(Sequence beam) {
    return new StepOutcome.Ended(beam);
  }

  private List<ScoredText> texts() {
    return search.best().stream()
        .map(found -> new ScoredText(text(found.tokens()), found.tokens(), found.score()))
        .toList();
  }

  private String text(List<Integer> tokens) {
    int last = tokens.size() - 1;
    boolean endsWithEnd = limits.before(tokens.get(last)).isPresent();
    List<Integer> visible = endsWithEnd ? tokens.subList(0, last) : tokens;
    return tokenizer.decode(visible.stream().mapToInt(Integer::intValue).toArray(), true);
  }
}
