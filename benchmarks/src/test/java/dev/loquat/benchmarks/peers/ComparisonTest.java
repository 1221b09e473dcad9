package dev.loquat.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final Workload WORK = new Workload(4, 4, 2, 4, 8, 1);

  @Test
  void ratioIsTheMedianOfTheRoundsRatios() {
    Fake ours = new Fake("ours", 10, 30, 20);
    Fake peer = new Fake("peer", 10, 20, 40);
    Comparison comparison = compare(ours, peer, 3);
    assertThat(comparison.speeds(ours)).containsExactly(entry(Measure.DECODE, 20.0));
    assertThat(comparison.speeds(peer)).containsExactly(entry(Measure.DECODE, 20.0));
    // 1.0, 1.5 and 0.5; the ratio of the medians alone would hide that the machine changed.
    assertThat(comparison.ratios(peer)).containsExactly(entry(Measure.DECODE, 1.0));
  }

  @Test
  void leavesOutWhatIsNotInstalledWithItsRemedy() {
    Fake absent = new Fake("absent");
    absent.remedy = Optional.of("install it");
    Comparison comparison = compare(new Fake("ours", 1), absent, 1);
    assertThat(comparison.left()).containsExactly(entry("absent", "install it"));
    assertThat(comparison.contestants()).extracting(Contestant::name).containsExactly("ours");
  }

  @Test
  void goesOnWithoutAPeerThatFails() {
    Fake ours = new Fake("ours", 1, 2);
    Comparison comparison = compare(ours, new Fake("peer", 1), 2);
    assertThat(comparison.left()).containsExactly(entry("peer", "peer is out of figures"));
    assertThat(comparison.speeds(ours)).containsExactly(entry(Measure.DECODE, 2.0));
  }

  @Test
  void tableShowsSpeedRatioAndShareOfBandwidth() {
    Comparison comparison = compare(new Fake("ours", 30), new Fake("peer", 20), 1);
    ComparisonTable table = new ComparisonTable(comparison, 4000);
    assertThat(table.markdown().lines().skip(2))
        .containsExactly(
            "| ours | fake |  | 30 (1.00) |  |  | 75 % |",
            "| peer | fake |  | 20 (1.50) |  |  | 50 % |");
    assertThat(table.json().path("peer").path("ratios").path("decode").asDouble()).isEqualTo(1.5);
    assertThat(table.json().path("ours").path("bandwidthShare").asDouble()).isEqualTo(0.75);
  }

  private static Comparison compare(Fake ours, Fake peer, int rounds) {
    Comparison comparison = new Comparison(ours, List.of(peer));
    for (int i = 0; i < rounds; i++) {
      comparison.round(WORK);
    }
    return comparison;
  }

  /** Decodes at speeds that are given, one a round. */
  private static final class Fake implements Contestant {
    private final String name;
    private final Deque<Double> speeds = new ArrayDeque<>();
    private Optional<String> remedy = Optional.empty();

    Fake(String name, double... speeds) {
      this.name = name;
      for (double speed : speeds) {
        this.speeds.add(speed);
      }
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String weights() {
      return "fake";
    }

    @Override
    public long readBytes() {
      return 100;
    }

    @Override
    public Optional<String> missing() {
      return remedy;
    }

    @Override
    public Map<Measure, Double> run(Workload work) {
      if (speeds.isEmpty()) {
        throw new PeerException(name + " is out of figures");
      }
      return Map.of(Measure.DECODE, speeds.pop());
    }
  }
}
