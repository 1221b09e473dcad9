package dev.loquat.internal.engine;

/** What becomes of a call that would wait for the thread that it is made on. */
public final class OwnThread {
  private OwnThread() {}

  /**
   * The refusal.
   *
   * @return the exception to throw
   */
  public static IllegalStateException refusal() {
    return new IllegalStateException(
        "A call that waits for the model was made on the model's own thread, which runs the"
            + " caller's LogitsProcessor and executors that run tasks directly; make it on another"
            + " thread.");
  }
}
