package dev.loquat.internal.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.loquat.constraint.Constraint;
import dev.loquat.constraint.ConstraintState;
import dev.loquat.constraint.ConstraintVocabulary;
import dev.loquat.constraint.TokenConstraint;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The constraints last used, prepared for the model's vocabulary.
 *
 * <p>Safe for use by several threads.
 */
final class PreparedConstraints {
  /** Hundreds of usual constraints, or a few of the largest. */
  private static final long MAX_BYTES = 64L << 20;

  /** Of its object and its text. */
  private static final int BYTES_AT_LEAST = 1 << 10;

  private final EngineSettings settings;
  private final Cache<Constraint, PreparedConstraint> prepared;

  /** Made when first needed; threads that need it at the same time may each make one. */
  private volatile @Nullable ConstraintVocabulary vocabulary;

  PreparedConstraints(EngineSettings settings) {
    this(settings, MAX_BYTES);
  }

  PreparedConstraints(EngineSettings settings, long maxBytes) {
    this.settings = settings;
    this.prepared =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher(
                (Constraint constraint, PreparedConstraint it) ->
                    (int) Math.min(maxBytes / 2, BYTES_AT_LEAST + it.byteLength()))
            .executor(Runnable::run)
            .build();
  }

  /**
   * Begins a text whose masks are computed already, on the caller's thread; empty if the
   * submission's time is over first.
   *
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  Optional<ConstraintState> start(Constraint constraint, Submission submission) {
    try {
      Optional<TokenConstraint> ready =
          prepared.get(constraint, PreparedConstraint::new).ready(this::vocabulary, submission);
      weigh(constraint);
      return ready.map(PreparedConstraints::begin);
    } catch (InterruptedException e) {
      throw Interruptions.cancelled(e);
    }
  }

  /** Being put in again is what makes the cache weigh it anew. */
  private void weigh(Constraint constraint) {
    prepared.asMap().computeIfPresent(constraint, (key, same) -> same);
  }

  /** About how much memory the constraints take that are kept. */
  long byteLength() {
    prepared.cleanUp();
    return prepared.policy().eviction().orElseThrow().weightedSize().orElseThrow();
  }

  private static ConstraintState begin(TokenConstraint constraint) {
    ConstraintState state = constraint.start();
    state.prepare();
    return state;
  }

  private ConstraintVocabulary vocabulary() {
    ConstraintVocabulary known = vocabulary;
    if (known == null) {
      known =
          ConstraintVocabulary.of(
              settings.tokenizer().tokenBytes(), settings.vocabularySize(), settings.endTokens());
      vocabulary = known;
    }
    return known;
  }
}
