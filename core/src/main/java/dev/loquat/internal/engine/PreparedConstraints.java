package dev.loquat.internal.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.loquat.constraint.Constraint;
import dev.loquat.constraint.ConstraintState;
import dev.loquat.constraint.ConstraintVocabulary;
import dev.loquat.constraint.TokenConstraint;
import org.jspecify.annotations.Nullable;

/**
 * The constraints last used, prepared for the model's vocabulary.
 *
 * <p>Safe for use by several threads.
 */
final class PreparedConstraints {
  /** Each keeps up to 8 MiB of masks. */
  private static final int MAX_CONSTRAINTS = 32;

  private final EngineSettings settings;
  private final Cache<Constraint, TokenConstraint> prepared =
      Caffeine.newBuilder().maximumSize(MAX_CONSTRAINTS).executor(Runnable::run).build();

  /** Made when first needed; threads that need it at the same time may each make one. */
  private volatile @Nullable ConstraintVocabulary vocabulary;

  PreparedConstraints(EngineSettings settings) {
    this.settings = settings;
  }

  /** Begins a text whose masks are computed already, on the caller's thread. */
  ConstraintState start(Constraint constraint) {
    ConstraintState state =
        prepared.get(constraint, c -> c.over(vocabulary()).computeAhead()).start();
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
