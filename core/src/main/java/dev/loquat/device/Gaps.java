package dev.loquat.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks a driver what it may not be able to tell, and keeps its reasons.
 *
 * <p>Not thread-safe.
 */
final class Gaps {
  private final List<String> reasons = new ArrayList<>();

  /** A question to a driver. */
  @FunctionalInterface
  interface Question<T> {
    T ask() throws DriverException;
  }

  /** The answer; empty, with a reason kept, if there is none. */
  <T> Optional<T> ask(String what, Question<T> question) {
    try {
      return Optional.of(question.ask());
    } catch (DriverException e) {
      reasons.add(what + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  /** What could not be found out, each with the reason. */
  List<String> reasons() {
    return reasons;
  }
}
