package dev.loquat.benchmarks.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.generation.ScoredText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BeamCaseTest {
  private static final int END = 2;
  private static final Tolerance TOLERANCE = new Tolerance(2e-3, 1e-3);

  private final StringWriter reports = new StringWriter();
  private final Tally tally = new Tally(new PrintWriter(reports));

  @Test
  void leavesOutWhatFollowsTheEnd() {
    BeamCase expected = expected(text(-0.5, 7, END, END, END), text(-0.75, 7, 8, 9, END));
    compare(expected, found(-0.5, 7, END), found(-0.75, 7, 8, 9, END));
    assertThat(tally.mismatches()).as("%s", reports).isZero();
    assertThat(tally.json().get("positions").intValue()).isEqualTo(6);
  }

  @Test
  void comparesScores() {
    BeamCase expected = expected(text(-0.5, 7), text(-0.75, 8));
    compare(expected, found(-0.501, 7), found(-0.753, 8));
    assertThat(tally.mismatches()).isEqualTo(1);
    assertThat(reports.toString()).contains("score is -0.753; expected -0.75");
  }

  @Test
  void letsTextsSwapWhoseScoresAreNearlyTheSame() {
    BeamCase expected = expected(text(-0.5, 7), text(-0.501, 8));
    compare(expected, found(-0.5, 8), found(-0.501, 7));
    assertThat(tally.mismatches()).as("%s", reports).isZero();
  }

  @Test
  void reportsTextsInTheWrongOrder() {
    BeamCase expected = expected(text(-0.5, 7), text(-0.75, 8));
    compare(expected, found(-0.5, 8), found(-0.75, 7));
    assertThat(tally.mismatches()).isEqualTo(2);
    assertThat(reports.toString()).contains("ids are [8]; expected [7]");
  }

  @Test
  void reportsTextsThatAreMissing() {
    compare(expected(text(-0.5, 7), text(-0.75, 8)), found(-0.5, 7));
    assertThat(tally.mismatches()).isEqualTo(1);
    assertThat(reports.toString()).contains("1 texts were found; expected 2");
  }

  @Test
  void doesNotAgreeWithAScoreThatIsNoNumber() {
    compare(expected(text(-0.5, 7)), found(Double.NaN, 7));
    assertThat(tally.mismatches()).isEqualTo(1);
  }

  private void compare(BeamCase expected, ScoredText... found) {
    expected.untilEnds(Set.of(END)).compare(List.of(found), TOLERANCE, tally);
  }

  private static BeamCase expected(BeamText... texts) {
    return new BeamCase(List.of(1), 4, 1, 24, List.of(texts));
  }

  private static BeamText text(double score, Integer... ids) {
    return new BeamText(List.of(ids), score);
  }

  private static ScoredText found(double score, Integer... ids) {
    return new ScoredText("", List.of(ids), score);
  }
}
