package dev.loquat.constraint;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.BitSet;
import java.util.HashSet;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which tokens a configuration allows. What a state says of all tokens is kept, the masks longest
 * unused giving way.
 *
 * <p>Safe for use by several threads.
 */
final class TokenMasks {
  /** A thousand states at 49,152 tokens. */
  private static final long MAX_BYTES = 8L << 20;

  /** Room is left for masks that texts come to later. */
  private static final long MAX_BYTES_AHEAD = MAX_BYTES * 3 / 4;

  private final Grammar grammar;
  private final Callers callers;
  private final TokenTable tokens;

  /** Of the stored states. */
  private final int[] groups;

  private final Cache<Integer, StateMask> masks =
      Caffeine.newBuilder()
          .maximumWeight(MAX_BYTES)
          .weigher((Integer group, StateMask mask) -> mask.byteLength())
          .executor(Runnable::run)
          .build();

  TokenMasks(Grammar grammar, Callers callers, TokenTable tokens) {
    this.grammar = grammar;
    this.callers = callers;
    this.tokens = tokens;
    this.groups = AlikeStates.of(grammar, callers, tokens.longest());
  }

  /** The tokens that some complete text goes on with; not to be changed. */
  long[] allowed(Configuration configuration) {
    if (configuration.positions().size() == 1) {
      StateMask mask = mask(configuration.positions().get(0).state());
      if (mask.undecided().length == 0) {
        return mask.allowed();
      }
    }
    return union(configuration);
  }

  private long[] union(Configuration configuration) {
    long[] allowed = tokens.emptyMask();
    BitSet undecided = new BitSet();
    for (Position position : configuration.positions()) {
      StateMask mask = mask(position.state());
      Bits.addAll(allowed, mask.allowed());
      for (int index : mask.undecided()) {
        undecided.set(index);
      }
    }
    decide(configuration, undecided, allowed);
    return allowed;
  }

  private void decide(Configuration configuration, BitSet undecided, long[] allowed) {
    TokenWalk walk = new TokenWalk(grammar, configuration, tokens.longest());
    byte[] before = {};
    for (int i = undecided.nextSetBit(0); i >= 0; i = undecided.nextSetBit(i + 1)) {
      byte[] token = tokens.bytes(i);
      if (walk.reads(token, TokenTable.common(before, token))) {
        Bits.set(allowed, tokens.id(i));
      }
      before = token;
    }
  }

  /**
   * Computes the masks ahead, those of states near to the start first, as far as all are kept;
   * tells whether it went on to the end.
   */
  boolean computeAhead(BooleanSupplier goesOn) {
    long bytes = 0;
    Set<Integer> seen = new HashSet<>();
    PrimitiveIterator.OfInt states = ahead().iterator();
    while (states.hasNext() && bytes < MAX_BYTES_AHEAD) {
      int state = states.nextInt();
      if (seen.add(group(state))) {
        if (!goesOn.getAsBoolean()) {
          return false;
        }
        bytes += mask(state).byteLength();
      }
    }
    return true;
  }

  private IntStream ahead() {
    return Stream.of(
            grammar.strings().usual(),
            grammar.reachable().stream().mapToInt(state -> state),
            grammar.strings().ends(tokens.longest()))
        .flatMapToInt(states -> states);
  }

  /** States of a group have the same mask. */
  private int group(int state) {
    return grammar.isCounted(state)
        ? groups.length + grammar.strings().likeness(state, tokens.longest())
        : groups[state];
  }

  /** About how much memory the masks take that are kept now. */
  long byteLength() {
    masks.cleanUp();
    long kept = masks.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    return kept + Integer.BYTES * (long) groups.length;
  }

  /** How many masks are kept now. */
  long kept() {
    masks.cleanUp();
    return masks.estimatedSize();
  }

  private StateMask mask(int state) {
    return masks.get(group(state), group -> StateMask.of(grammar, callers, state, tokens));
  }
}
