package dev.loquat;

import java.util.List;

/**
 * How many times a model is loaded behind one queue, where, and what becomes of requests whose
 * replica ends by itself. What waits goes to another replica in any case.
 *
 * <p>Immutable.
 *
 * @param count how many, 1 to {@value #MOST}
 * @param inProcesses whether each has a process of its own; otherwise all are in this JVM
 * @param retriesRunning whether a request that runs on a replica that ends is begun again, once;
 *     otherwise it fails
 * @param keepsSpare whether one process more waits to take the place of one that ends; false for
 *     replicas in this JVM
 * @param jvmOptions options of the processes' JVMs; empty for replicas in this one
 */
public record Replicas(
    int count,
    boolean inProcesses,
    boolean retriesRunning,
    boolean keepsSpare,
    List<String> jvmOptions) {
  /** No more are loaded. */
  public static final int MOST = 64;

  /** A model that is loaded once. */
  static final Replicas ONE = threads(1);

  /** Checks the number and copies the list. */
  public Replicas {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException("replicas is " + count + "; expected 1 to " + MOST);
    }
    jvmOptions = List.copyOf(jvmOptions);
    if (!inProcesses && !jvmOptions.isEmpty()) {
      throw new IllegalArgumentException(
          "jvmOptions " + jvmOptions + " are for replicas in processes; use Replicas.processes");
    }
    if (!inProcesses && keepsSpare) {
      throw new IllegalArgumentException(
          "keepsSpare is for replicas in processes; use Replicas.processes");
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
    return new Replicas(count, false, false, false, List.of());
  }

  /**
   * Replicas in processes of their own, which this one starts, watches and starts again when they
   * end. A crash of native code ends one of them and never this process. A {@link
   * dev.loquat.generation.LogitsProcessor} can't go there.
   *
   * <p>They run this JVM's Java on its class path or module path, and end with this process. One
   * process more waits, without a model, to take the place of one that ends: see {@link
   * #withoutSpare}.
   *
   * @param count how many, 1 to {@value #MOST}
   * @return replicas whose running requests fail with {@link dev.loquat.error.WorkerException}
   * @throws IllegalArgumentException if the number is out of range
   */
  public static Replicas processes(int count) {
    return new Replicas(count, true, false, true, List.of());
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
    return new Replicas(count, inProcesses, true, keepsSpare, jvmOptions);
  }

  /**
   * Keeps no process waiting. It takes the memory of a JVM with the backend's native libraries, and
   * saves their start when a replica ends.
   *
   * @return replicas of which one that ends is started from nothing
   */
  public Replicas withoutSpare() {
    return new Replicas(count, inProcesses, retriesRunning, false, jvmOptions);
  }

  /**
   * Sets options of the processes' JVMs, such as {@code -Xmx2g}, or system properties that a
   * backend reads. The default is none. All processes get them, the one that waits too, so that a
   * port for a debugger or JMX has to be one that the system chooses.
   *
   * @param options the options
   * @return replicas with the options
   * @throws IllegalArgumentException if the replicas are in this JVM
   */
  public Replicas jvmOptions(String... options) {
    return new Replicas(count, inProcesses, retriesRunning, keepsSpare, List.of(options));
  }
}
