package dev.loquat.internal.engine;

import dev.loquat.error.LoquatException;
import dev.loquat.error.ModelClosedException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The commands on their way to the engine thread. Once closed it takes none, so that no caller
 * waits for an engine that has ended.
 *
 * <p>Safe for use by several threads.
 */
final class CommandQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Queue<EngineCommand> commands = new ArrayDeque<>();
  private @Nullable LoquatException end;

  /** Adds a command; throws if the engine has ended. */
  void add(EngineCommand command) {
    requireOpen(tryAdd(command));
  }

  /** Throws if the engine has ended. */
  void requireOpen() {
    lock.lock();
    try {
      requireOpen(end);
    } finally {
      lock.unlock();
    }
  }

  /** Whether the engine has ended. */
  boolean isClosed() {
    lock.lock();
    try {
      return end != null;
    } finally {
      lock.unlock();
    }
  }

  /** Adds a command that means nothing to an engine that has ended. */
  void offer(EngineCommand command) {
    tryAdd(command);
  }

  /** Waits for a command. */
  EngineCommand take() {
    lock.lock();
    try {
      while (commands.isEmpty()) {
        arrived.awaitUninterruptibly();
      }
      return commands.remove();
    } finally {
      lock.unlock();
    }
  }

  /** Takes a command if there is one. */
  @Nullable EngineCommand poll() {
    lock.lock();
    try {
      return commands.poll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes no more commands, and returns those that nobody will obey. Whoever takes from it is told
   * to end.
   */
  List<EngineCommand> close(LoquatException reason) {
    lock.lock();
    try {
      end = end == null ? reason : end;
      List<EngineCommand> rest = List.copyOf(commands);
      commands.clear();
      commands.add(new EngineCommand.Close());
      arrived.signal();
      return rest;
    } finally {
      lock.unlock();
    }
  }

  private static void requireOpen(@Nullable LoquatException reason) {
    if (reason != null) {
      throw new ModelClosedException(String.valueOf(reason.getMessage()), reason);
    }
  }

  private @Nullable LoquatException tryAdd(EngineCommand command) {
    lock.lock();
    try {
      if (end == null) {
        commands.add(command);
        arrived.signal();
      }
      return end;
    } finally {
      lock.unlock();
    }
  }
}
