package dev.loquat.benchmarks.replicas;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.benchmarks.Passages;
import dev.loquat.error.LoquatException;
import dev.loquat.observation.EngineListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers who ask again and again, while the process of a replica is killed. */
final class KilledReplica {
  /** A request that has not ended by then is lost. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final int promptWords;
  private final int newTokens;
  private final int callers;
  private final Passages passages = Passages.read();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger retried = new AtomicInteger();
  private volatile Duration down = PATIENCE;
  private final CountDownLatch restarted = new CountDownLatch(1);
  private volatile boolean isOver;

  KilledReplica(int promptWords, int newTokens, int callers) {
    this.promptWords = promptWords;
    this.newTokens = newTokens;
    this.callers = callers;
  }

  EngineListener listener() {
    return new EngineListener() {
      @Override
      public void onReplicaRestart(int replica, Duration time) {
        down = time;
        restarted.countDown();
      }

      @Override
      public void onReplicaRetry(int replica) {
        retried.incrementAndGet();
      }
    };
  }

  /** Kills one after so long, and goes on for as long once it is back. */
  ObjectNode run(Model model, Duration killAfter) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      int caller = i;
      Thread thread = new Thread(() -> ask(model.generator(), caller), "caller " + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    try {
      TimeUnit.NANOSECONDS.sleep(killAfter.toNanos());
      ProcessHandle.current().children().findFirst().orElseThrow().destroyForcibly();
      boolean isBack = restarted.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      TimeUnit.NANOSECONDS.sleep(killAfter.toNanos());
      isOver = true;
      for (Thread thread : threads) {
        thread.join(PATIENCE.toMillis());
      }
      return figures(isBack);
    } catch (InterruptedException e) {
      throw new IllegalStateException("Interrupted while measuring", e);
    }
  }

  private ObjectNode figures(boolean isBack) {
    return new JsonMapper()
        .createObjectNode()
        .put("ended", ended.get())
        .put("retried", retried.get())
        .put("failed", failed.get())
        .put("lost", begun.get() - ended.get() - failed.get())
        .put("isBack", isBack)
        .put("secondsToRecover", down.toNanos() / 1e9);
  }

  private void ask(Generator generator, int caller) {
    Generator greedy = generator.temperature(0).minNewTokens(newTokens).maxNewTokens(newTokens);
    for (int i = 0; !isOver; i++) {
      String prompt = caller + "." + i + " " + passages.words(caller * 31 + i, promptWords);
      begun.incrementAndGet();
      try {
        greedy.generate(prompt);
        ended.incrementAndGet();
      } catch (LoquatException e) {
        failed.incrementAndGet();
      }
    }
  }
}
