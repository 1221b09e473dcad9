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
  /** Each keeps up to 8 MiB of masks. */
  private static final int MAX_CONSTRAINTS = 32;

  private final EngineSettings settings;
  private final Cache<Constraint, PreparedConstraint> prepared =
      Caffeine.newBuilder().maximumSize(MAX_CONSTRAINTS).executor(Runnable::run).build();

  /** Made when first needed; threads that need it at the same time may each make one. */
  private volatile @Nullable ConstraintVocabulary vocabulary;

  PreparedConstraints(EngineSettings settings) {
    this.settings = settings;
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
      return ready.map(PreparedConstraints::begin);
    } catch (InterruptedException e) {
      throw Interruptions.cancelled(e);
    }
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
