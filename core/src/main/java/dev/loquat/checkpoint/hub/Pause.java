package dev.loquat.checkpoint.hub;

/** How this package waits; tests pass one that does not. */
@FunctionalInterface
interface Pause {

  void millis(long milliseconds) throws InterruptedException;

  /** Waits, and reports an interrupt as the end of the download, the thread's flag kept. */
  static void orFail(Pause pause, long milliseconds) {
    try {
      pause.millis(milliseconds);
    } catch (InterruptedException e) {
      throw HubFailures.interrupted(e);
    }
  }
}
