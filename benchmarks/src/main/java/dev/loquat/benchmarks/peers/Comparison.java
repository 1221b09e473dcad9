package dev.loquat.benchmarks.peers;

import dev.loquat.benchmarks.Median;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What rounds of Loquat and its peers, in turn, came to.
 *
 * <p>A ratio is the median of the rounds' ratios, so that a machine that slows down between rounds
 * does not count.
 */
final class Comparison {
  private final Contestant ours;
  private final List<Contestant> peers;
  private final List<Map<Contestant, Map<Measure, Double>>> rounds = new ArrayList<>();
  private final Map<String, String> left = new LinkedHashMap<>();

  /**
   * Leaves out the peers that are not installed.
   *
   * @param ours Loquat
   * @param peers the others
   */
  Comparison(Contestant ours, List<Contestant> peers) {
    this.ours = ours;
    this.peers = new ArrayList<>(peers);
    for (Contestant peer : peers) {
      peer.missing().ifPresent(remedy -> leave(peer, remedy));
    }
  }

  /** Every engine's turn. A peer that fails is left out from then on. */
  void round(Workload work) {
    Map<Contestant, Map<Measure, Double>> round = new LinkedHashMap<>();
    round.put(ours, ours.run(work));
    for (Contestant peer : List.copyOf(peers)) {
      try {
        round.put(peer, peer.run(work));
      } catch (PeerException e) {
        leave(peer, String.valueOf(e.getMessage()));
      }
    }
    rounds.add(round);
  }

  private void leave(Contestant peer, String why) {
    peers.remove(peer);
    left.put(peer.name(), why);
  }

  /** Loquat and the peers that took part, Loquat first. */
  List<Contestant> contestants() {
    List<Contestant> all = new ArrayList<>(List.of(ours));
    all.addAll(peers);
    return all;
  }

  /** Why peers did not take part, by their names. */
  Map<String, String> left() {
    return left;
  }

  /** The medians of an engine, in tokens per second. */
  Map<Measure, Double> speeds(Contestant contestant) {
    Map<Measure, Double> speeds = new EnumMap<>(Measure.class);
    for (Measure measure : Measure.values()) {
      List<Double> of =
          rounds.stream().flatMap(r -> speed(r, contestant, measure).stream()).toList();
      if (!of.isEmpty()) {
        speeds.put(measure, Median.of(of));
      }
    }
    return speeds;
  }

  /** How many times a peer's speed Loquat's is, of what both can do. */
  Map<Measure, Double> ratios(Contestant peer) {
    Map<Measure, Double> ratios = new EnumMap<>(Measure.class);
    for (Measure measure : Measure.values()) {
      List<Double> of = rounds.stream().flatMap(r -> ratio(r, peer, measure).stream()).toList();
      if (!of.isEmpty()) {
        ratios.put(measure, Median.of(of));
      }
    }
    return ratios;
  }

  private Optional<Double> ratio(
      Map<Contestant, Map<Measure, Double>> round, Contestant peer, Measure measure) {
    return speed(round, ours, measure)
        .flatMap(our -> speed(round, peer, measure).map(their -> our / their));
  }

  private static Optional<Double> speed(
      Map<Contestant, Map<Measure, Double>> round, Contestant contestant, Measure measure) {
    return Optional.ofNullable(round.get(contestant)).map(speeds -> speeds.get(measure));
  }
}
