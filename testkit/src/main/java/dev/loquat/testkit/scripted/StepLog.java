package dev.loquat.testkit.scripted;

import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a scripted backend was asked for. Failed steps count too.
 *
 * <p>Safe for use by several threads: a test reads while an engine writes.
 */
public final class StepLog {
  private final List<ForwardBatch> batches = new CopyOnWriteArrayList<>();
  private final List<SlotCopy> copies = new CopyOnWriteArrayList<>();
  private final AtomicInteger openSessions = new AtomicInteger();
  private final AtomicInteger openBackends = new AtomicInteger();

  StepLog() {}

  /**
   * A copy from one slot to another.
   *
   * @param from the slot that was read
   * @param to the slot that was overwritten
   * @param tokens how many positions
   */
  public record SlotCopy(int from, int to, int tokens) {}

  /**
   * The steps' batches, in order.
   *
   * @return a copy
   */
  public List<ForwardBatch> batches() {
    return List.copyOf(batches);
  }

  /**
   * The copies of slots, in order.
   *
   * @return a copy
   */
  public List<SlotCopy> copies() {
    return List.copyOf(copies);
  }

  /**
   * How many steps were run.
   *
   * @return 0 or more
   */
  public int steps() {
    return batches.size();
  }

  /**
   * How many rows the steps had.
   *
   * @return the sum over the steps
   */
  public int rows() {
    return batches.stream().mapToInt(batch -> batch.rows().size()).sum();
  }

  /**
   * How many tokens the steps computed.
   *
   * @return the sum over the rows
   */
  public int tokens() {
    return batches.stream()
        .flatMap(batch -> batch.rows().stream())
        .mapToInt(ForwardRow::length)
        .sum();
  }

  /**
   * How many sessions are open now.
   *
   * @return 0 where none leaked
   */
  public int openSessions() {
    return openSessions.get();
  }

  /**
   * How many backends are open now.
   *
   * @return 0 where none leaked
   */
  public int openBackends() {
    return openBackends.get();
  }

  /** Adds a step and tells its number. */
  int add(ForwardBatch batch) {
    batches.add(batch);
    return batches.size();
  }

  void add(SlotCopy copy) {
    copies.add(copy);
  }

  void sessionOpened() {
    openSessions.incrementAndGet();
  }

  void sessionClosed() {
    openSessions.decrementAndGet();
  }

  void backendOpened() {
    openBackends.incrementAndGet();
  }

  void backendClosed() {
    openBackends.decrementAndGet();
  }
}
