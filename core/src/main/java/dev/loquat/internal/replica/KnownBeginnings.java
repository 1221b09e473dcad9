package dev.loquat.internal.replica;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The beginnings of prompts that a replica was given and may still hold in its KV cache; those not
 * met for longest are forgotten first.
 *
 * <p>Not thread-safe: owned by the dispatcher.
 */
final class KnownBeginnings {
  private final int capacity;
  private final Map<Long, Boolean> blocks = new LinkedHashMap<>(16, 0.75f, true);

  /** Remembers as many blocks, 1 or more. */
  KnownBeginnings(int capacity) {
    this.capacity = capacity;
  }

  void forget() {
    blocks.clear();
  }

  int size() {
    return blocks.size();
  }

  /** How many of a prompt's blocks are known, counted from its start. */
  int count(long[] prompt) {
    int known = 0;
    while (known < prompt.length && blocks.containsKey(prompt[known])) {
      known++;
    }
    return known;
  }

  /** Remembers a prompt; of one longer than there is room for, the beginning. */
  void add(long[] prompt) {
    for (int i = Math.min(prompt.length, capacity) - 1; i >= 0; i--) {
      blocks.put(prompt[i], true);
    }
    var oldest = blocks.keySet().iterator();
    while (blocks.size() > capacity) {
      oldest.next();
      oldest.remove();
    }
  }
}
