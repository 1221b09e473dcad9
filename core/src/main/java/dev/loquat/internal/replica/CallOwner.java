package dev.loquat.internal.replica;

import dev.loquat.error.LoquatException;
import dev.loquat.generation.FinishReason;
import java.util.Optional;

/** Decides what becomes of calls. Safe for use by several threads; none of it waits. */
interface CallOwner {

  /** Whether this thread is one that a replica needs. */
  boolean isOwnThread();

  /**
   * Takes a waiting call out of the queue and breaks it off.
   *
   * @return false if it does not wait
   */
  boolean withdraw(Call call, FinishReason reason);

  /** The replica of an attempt has ended under it. */
  void lost(Call call, Run run, LoquatException cause);

  /** A call has ended, on a member or while it waited; called once before its reader is told. */
  void ended(Call call, Optional<Member> at);
}
