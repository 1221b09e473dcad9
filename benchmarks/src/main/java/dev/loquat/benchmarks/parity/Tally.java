package dev.loquat.benchmarks.parity;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;

/** Counts what agrees and what does not, and reports the first mismatches. */
final class Tally {
  private static final int MOST_REPORTS = 10;

  private final PrintWriter reports;
  private int cases;
  private int positions;
  private int sameTokens;
  private int distributions;
  private int mismatches;
  private int cachedTokens;
  private int acceptedTokens;
  private double maxDifference;
  private double klSum;

  Tally(PrintWriter reports) {
    this.reports = reports;
  }

  void beginCase() {
    cases++;
  }

  /** Counts a position whose most likely token is the reference's, or not. */
  void position(boolean sameToken) {
    positions++;
    sameTokens += sameToken ? 1 : 0;
  }

  void difference(double difference) {
    maxDifference = Math.max(maxDifference, difference);
  }

  void kl(double kl) {
    distributions++;
    klSum += kl;
  }

  /** Counts tokens of a prompt that did not have to be computed. */
  void cachedTokens(int tokens) {
    cachedTokens += tokens;
  }

  /** Counts drafted tokens that were right. */
  void acceptedTokens(int tokens) {
    acceptedTokens += tokens;
  }

  void mismatch(String what) {
    mismatches++;
    if (mismatches <= MOST_REPORTS) {
      reports.println("case " + cases + ": " + what);
      reports.flush();
    }
  }

  int mismatches() {
    return mismatches;
  }

  /** The sums; 0 for numbers that the file's form does not have. */
  ObjectNode json() {
    return new JsonMapper()
        .createObjectNode()
        .put("cases", cases)
        .put("positions", positions)
        .put("maxDifference", maxDifference)
        .put("meanKl", klSum / Math.max(1, distributions))
        .put("top1Agreement", (double) sameTokens / Math.max(1, positions))
        .put("mismatches", mismatches)
        .put("cachedTokens", cachedTokens)
        .put("acceptedTokens", acceptedTokens);
  }
}
