package dev.loquat.internal.replica;

/** Starts replicas again. Safe for use by several threads. */
public interface Reviver {

  /**
   * Starts a replica in the place of one that has ended; waits until it is ready.
   *
   * @param index which one, from 0
   * @return the replica; the caller closes it
   * @throws dev.loquat.error.LoquatException if it can't be started; an interrupt ends the wait so,
   *     too
   */
  Replica revive(int index);

  /** Starts nothing any more, and has what it keeps for that end, without waiting for it. */
  void requestClose();

  /** Gives back what it keeps for that; nothing is started any more. Waits for it. */
  void close();
}
