package dev.loquat.internal.engine;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.loquat.constraint.Constraint;
import dev.loquat.constraint.ConstraintVocabulary;
import dev.loquat.constraint.TokenConstraint;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A constraint over the model's tokens, whose masks the first text under it computes. Others wait
 * for that, as long as they have time; if the first gives up, the next goes on from there.
 *
 * <p>Safe for use by several threads.
 */
final class PreparedConstraint {
  private final Constraint constraint;
  private final ReentrantLock preparing = new ReentrantLock();
  private @Nullable TokenConstraint begun;
  private volatile @Nullable TokenConstraint ready;

  PreparedConstraint(Constraint constraint) {
    this.constraint = constraint;
  }

  /** The constraint with its masks; empty if the submission's time is over first. */
  Optional<TokenConstraint> ready(Supplier<ConstraintVocabulary> vocabulary, Submission submission)
      throws InterruptedException {
    TokenConstraint known = ready;
    return known == null ? prepare(vocabulary, submission) : Optional.of(known);
  }

  /** About how much memory it takes; nothing before it is ready. */
  long byteLength() {
    TokenConstraint known = ready;
    return known == null ? 0 : known.byteLength();
  }

  private Optional<TokenConstraint> prepare(
      Supplier<ConstraintVocabulary> vocabulary, Submission submission)
      throws InterruptedException {
    if (!preparing.tryLock(submission.nanosLeft(), NANOSECONDS)) {
      return Optional.empty();
    }
    try {
      if (ready == null && begun(vocabulary).computeAhead(() -> isWanted(submission))) {
        ready = begun;
      }
    } finally {
      preparing.unlock();
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return Optional.ofNullable(ready);
  }

  private TokenConstraint begun(Supplier<ConstraintVocabulary> vocabulary) {
    TokenConstraint known = begun;
    if (known == null) {
      known = constraint.over(vocabulary.get());
      begun = known;
    }
    return known;
  }

  private static boolean isWanted(Submission submission) {
    return !Thread.currentThread().isInterrupted() && submission.nanosLeft() > 0;
  }
}
