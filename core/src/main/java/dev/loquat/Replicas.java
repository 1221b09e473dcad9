package dev.loquat;

/**
 * How many times a model is loaded behind one queue, and what becomes of requests whose replica
 * ends by itself. What waits goes to another replica in any case.
 *
 * <p>Immutable.
 *
 * @param count how many, 1 to {@value #MOST}
 * @param retriesRunning whether a request that runs on a replica that ends is begun again on
 *     another one, once; otherwise it fails
 */
public record Replicas(int count, boolean retriesRunning) {
  /** No more are loaded. */
  public static final int MOST = 64;

  /** A model that is loaded once. */
  static final Replicas ONE = new Replicas(1, false);

  /** Checks the number. */
  public Replicas {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException("replicas is " + count + "; expected 1 to " + MOST);
    }
  }

  /**
   * Replicas in this JVM, each an engine with a thread of its own. On a CPU they share its cores;
   * where a model runs on GPUs, each takes one.
   *
   * @param count how many, 1 to {@value #MOST}
   * @return replicas whose running requests fail with them
   * @throws IllegalArgumentException if the number is out of range
   */
  public static Replicas threads(int count) {
    return new Replicas(count, false);
  }

  /**
   * Has requests begin again, once, that run on a replica when it ends. A request without a seed is
   * given one, so that it can be repeated. Text that was delivered is not delivered again; should
   * the second attempt write another one, the request fails with {@link
   * dev.loquat.error.BackendException}.
   *
   * @return replicas with the option
   */
  public Replicas retryRunning() {
    return new Replicas(count, true);
  }
}
