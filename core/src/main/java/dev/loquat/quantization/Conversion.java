package dev.loquat.quantization;

import dev.loquat.checkpoint.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Rounds the weights of a model, some rows at a time, on threads that end with it. At no time more
 * than a few rows for each thread are in memory as floating-point numbers.
 */
final class Conversion {
  /** The most elements that a task converts, unless one row has more. */
  private static final int TASK_ELEMENTS = 1 << 18;

  private final BlockStore store;
  private final List<RowTask> tasks = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();

  private Conversion(BlockStore store) {
    this.store = store;
  }

  /**
   * Converts weights.
   *
   * @param stacks the weights
   * @param layout where each stack goes, in the same order
   * @param store takes them
   * @param threads how many threads work
   * @throws IOException if the store can't be written
   * @throws dev.loquat.error.CheckpointException if a weight is no finite number
   * @throws CancellationException if the calling thread is interrupted
   */
  static void run(
      List<WeightStack> stacks, List<QuantizedMatrix> layout, BlockStore store, int threads)
      throws IOException {
    Conversion conversion = new Conversion(store);
    for (int i = 0; i < stacks.size(); i++) {
      conversion.add(stacks.get(i), layout.get(i));
    }
    conversion.run(threads);
  }

  private void add(WeightStack stack, QuantizedMatrix matrix) {
    long firstRow = 0;
    for (Tensor tensor : stack.tensors()) {
      long rows = tensor.info().shape().get(0);
      int step = (int) Math.max(1, TASK_ELEMENTS / matrix.inputs());
      for (long row = 0; row < rows; row += step) {
        int count = (int) Math.min(step, rows - row);
        tasks.add(new RowTask(tensor, row, count, matrix, firstRow + row, store));
      }
      firstRow += rows;
    }
  }

  private void run(int threads) throws IOException {
    ExecutorService executor = Executors.newFixedThreadPool(threads, Conversion::thread);
    try {
      ExecutorCompletionService<@Nullable Void> completion =
          new ExecutorCompletionService<>(executor);
      for (int worker = 0; worker < threads; worker++) {
        completion.submit(this::work);
      }
      for (int done = 0; done < threads; done++) {
        completion.take().get();
      }
    } catch (ExecutionException e) {
      throw rethrow(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("The conversion of weights was interrupted");
    } finally {
      end(executor);
    }
  }

  /** One of the threads: takes task after task. */
  private @Nullable Void work() throws IOException {
    RowRoom room = new RowRoom();
    for (int task = next.getAndIncrement(); task < tasks.size(); task = next.getAndIncrement()) {
      if (Thread.interrupted()) {
        return null;
      }
      tasks.get(task).convert(room);
    }
    return null;
  }

  /** Waits for tasks that are under way, for they use the store, whose memory goes next. */
  private static void end(ExecutorService executor) {
    executor.shutdownNow();
    boolean interrupted = false;
    while (true) {
      try {
        if (executor.awaitTermination(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static RuntimeException rethrow(ExecutionException e) throws IOException {
    Throwable cause = e.getCause();
    if (cause instanceof IOException io) {
      throw io;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "loquat-conversion");
    thread.setDaemon(true);
    return thread;
  }
}
