package dev.loquat.internal.speculation;

import dev.loquat.backend.ForwardRow;
import java.util.Arrays;

/** One sequence while it is drafted for: its tokens, then those drafted. */
final class Draft {
  private final int slot;
  private final int[] tokens;
  private final int certain;
  private final int limit;
  private int length;
  private int cached;
  private int chunk;

  /** Creates it; where the context leaves no room for the sequence, it wants no draft. */
  Draft(DraftRequest request, int contextLength) {
    slot = request.slot();
    certain = request.history().length();
    limit = Math.min(request.limit(), contextLength - certain + 1);
    tokens = new int[certain + Math.max(limit, 0)];
    length = certain;
    for (int i = 0; i < certain; i++) {
      tokens[i] = request.history().token(i);
    }
  }

  int slot() {
    return slot;
  }

  /** The sequence, from the start. */
  int[] tokens() {
    return tokens;
  }

  /** How many tokens may be in the cache already: the last must be computed, to go on from. */
  int reusable() {
    return certain - 1;
  }

  boolean isWanted() {
    return limit > 0;
  }

  void start(int cachedTokens) {
    cached = cachedTokens;
  }

  int pending() {
    return length - cached;
  }

  /** The next step takes so many tokens of it. */
  void plan(int count) {
    chunk = count;
  }

  ForwardRow row() {
    return new ForwardRow(slot, cached, chunk(), completes() ? 1 : 0);
  }

  int[] chunk() {
    return Arrays.copyOfRange(tokens, cached, cached + chunk);
  }

  int cached() {
    return cached;
  }

  boolean completes() {
    return cached + chunk == length;
  }

  void append(int token) {
    cached = length;
    tokens[length++] = token;
  }

  void advance() {
    cached += chunk;
  }

  /** Whether it has a token, but not yet as many as it may. */
  boolean goesOn() {
    return length > certain && length < certain + limit;
  }

  int[] drafted() {
    return Arrays.copyOfRange(tokens, certain, length);
  }
}
