package dev.loquat.generation;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Tokens, by their ids, that are favoured, forbidden or fixed. Where rules meet, a forced token
 * comes before {@link #minNewTokens} and {@link Penalties#noRepeatNgram}.
 *
 * @param bias what is added to the logits of these tokens, finite
 * @param banned tokens that never come
 * @param bannedFirst tokens that do not come as the first new one
 * @param forced the first new tokens, whatever the model says
 * @param minNewTokens how many tokens come before one that ends the text; 0 or more
 */
public record TokenRules(
    Map<Integer, Float> bias,
    Set<Integer> banned,
    Set<Integer> bannedFirst,
    List<Integer> forced,
    int minNewTokens) {

  /** Copies the collections; checks the ranges and that no rule contradicts another. */
  public TokenRules {
    bias = Map.copyOf(bias);
    banned = Set.copyOf(banned);
    bannedFirst = Set.copyOf(bannedFirst);
    forced = List.copyOf(forced);
    requireIds("logitBias", bias.keySet());
    requireIds("bannedTokens", banned);
    requireIds("bannedFirstTokens", bannedFirst);
    requireIds("forcedTokens", forced);
    bias.forEach(TokenRules::requireFinite);
    requireApart(banned, "forced", forced);
    requireApart(bannedFirst, "forced as the first", forced.stream().limit(1).toList());
    requireApart(banned, "biased", bias.keySet());
    if (minNewTokens < 0) {
      throw new IllegalArgumentException(
          "minNewTokens is " + minNewTokens + "; expected 0 or more");
    }
  }

  /**
   * No rule.
   *
   * @return rules that change nothing
   */
  public static TokenRules none() {
    return new TokenRules(Map.of(), Set.of(), Set.of(), List.of(), 0);
  }

  /**
   * With other biases.
   *
   * @param biases the new {@link #bias}
   * @return changed rules
   */
  public TokenRules withBias(Map<Integer, Float> biases) {
    return new TokenRules(biases, banned, bannedFirst, forced, minNewTokens);
  }

  /**
   * With other banned tokens.
   *
   * @param ids the new {@link #banned}
   * @return changed rules
   */
  public TokenRules withBanned(Set<Integer> ids) {
    return new TokenRules(bias, ids, bannedFirst, forced, minNewTokens);
  }

  /**
   * With other tokens banned at the beginning.
   *
   * @param ids the new {@link #bannedFirst}
   * @return changed rules
   */
  public TokenRules withBannedFirst(Set<Integer> ids) {
    return new TokenRules(bias, banned, ids, forced, minNewTokens);
  }

  /**
   * With other forced tokens.
   *
   * @param ids the new {@link #forced}
   * @return changed rules
   */
  public TokenRules withForced(List<Integer> ids) {
    return new TokenRules(bias, banned, bannedFirst, ids, minNewTokens);
  }

  /**
   * With another least length.
   *
   * @param count the new {@link #minNewTokens}
   * @return changed rules
   */
  public TokenRules withMinNewTokens(int count) {
    return new TokenRules(bias, banned, bannedFirst, forced, count);
  }

  private static void requireIds(String name, Collection<Integer> ids) {
    for (int id : ids) {
      if (id < 0) {
        throw new IllegalArgumentException(
            name + " has token " + id + "; expected ids of 0 or more");
      }
    }
  }

  private static void requireFinite(Integer token, Float bias) {
    if (!Float.isFinite(Objects.requireNonNull(bias, "bias"))) {
      throw new IllegalArgumentException(
          "logitBias of token "
              + token
              + " is "
              + bias
              + "; expected a finite number. Ban a token that must not come.");
    }
  }

  private static void requireApart(Set<Integer> banned, String how, Collection<Integer> wanted) {
    for (Integer token : wanted) {
      if (banned.contains(token)) {
        throw new IllegalArgumentException(
            "Token " + token + " is banned and " + how + "; choose one of them");
      }
    }
  }
}
