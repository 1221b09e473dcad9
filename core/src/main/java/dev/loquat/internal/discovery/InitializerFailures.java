package dev.loquat.internal.discovery;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/**
 * Why initializers of a provider's classes have failed. Java runs each once and tells all of its
 * failure to whoever came first; others hear only that the class could not be initialized. Kept as
 * long as the provider's class. Safe for use by several threads.
 */
final class InitializerFailures {
  private static final ClassValue<InitializerFailures> OF_PROVIDERS =
      new ClassValue<>() {
        @Override
        protected InitializerFailures computeValue(Class<?> provider) {
          return new InitializerFailures();
        }
      };

  private static final String LATER = "Could not initialize class ";

  private final Queue<Error> failures = new ConcurrentLinkedQueue<>();

  private InitializerFailures() {}

  static InitializerFailures of(Class<?> provider) {
    return OF_PROVIDERS.get(provider);
  }

  /** The failure itself, or that of the initializer which it says has failed before. */
  Error first(Error failure) {
    String message = String.valueOf(failure.getMessage());
    if (message.startsWith(LATER)) {
      String name = message.substring(LATER.length());
      return failures.stream().filter(kept -> ranIn(kept, name)).findFirst().orElse(failure);
    }
    if (initializers(failure).findAny().isPresent()) {
      failures.add(failure);
    }
    return failure;
  }

  private static boolean ranIn(Error failure, String name) {
    return initializers(failure).anyMatch(name::equals);
  }

  /** The classes whose initializers ran when it failed. */
  private static Stream<String> initializers(Error failure) {
    return Stream.iterate((Throwable) failure, cause -> cause != null, Throwable::getCause)
        .flatMap(cause -> Arrays.stream(cause.getStackTrace()))
        .filter(frame -> frame.getMethodName().equals("<clinit>"))
        .map(StackTraceElement::getClassName);
  }
}
