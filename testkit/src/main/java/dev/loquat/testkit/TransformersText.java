package dev.loquat.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.StreamSupport;

/**
 * A text and what transformers computed for it.
 *
 * @param json one case of a {@code reference.json}
 */
record TransformersText(JsonNode json) {

  /** The token ids, {@code [tokens]}. */
  int[] ids() {
    return integers("ids");
  }

  /** The logits after the last token, {@code [vocabulary]}. */
  double[] lastLogits() {
    return doubles("lastLogits");
  }

  /** The likeliest next token at every position, {@code [tokens]}. */
  int[] likeliest() {
    return integers("argmax");
  }

  /** The log-probability of the token that follows, {@code [tokens - 1]}. */
  double[] logProbabilitiesOfNext() {
    return doubles("logprobOfNext");
  }

  /** The greedy continuation. */
  int[] greedy() {
    return integers("greedy");
  }

  /** By how much the first choice's log-probability leads the second's at each greedy step. */
  double[] greedyLead() {
    return doubles("gap");
  }

  private int[] integers(String field) {
    return StreamSupport.stream(json.path(field).spliterator(), false)
        .mapToInt(JsonNode::intValue)
        .toArray();
  }

  private double[] doubles(String field) {
    return StreamSupport.stream(json.path(field).spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }

  @Override
  public String toString() {
    return "the text of " + ids().length + " tokens";
  }
}
