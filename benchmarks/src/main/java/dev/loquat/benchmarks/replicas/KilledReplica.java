package dev.loquat.benchmarks.replicas;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.TextStream;
import dev.loquat.benchmarks.Passages;
import dev.loquat.error.LoquatException;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.StepReport;
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

  private static final int NONE = -1;

  private final int promptWords;
  private final int newTokens;
  private final int callers;
  private final Passages passages = Passages.read();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger retried = new AtomicInteger();
  private final Pieces pieces = new Pieces();
  private final AtomicInteger restarted = new AtomicInteger(NONE);
  private final CountDownLatch isServing = new CountDownLatch(1);
  private volatile Duration down = PATIENCE;
  private volatile long servedNanos;
  private volatile boolean isOver;

  KilledReplica(int promptWords, int newTokens, int callers) {
    this.promptWords = promptWords;
    this.newTokens = newTokens;
    this.callers = callers;
  }

  EngineListener listener() {
    return new EngineListener() {
      @Override
      public EngineListener forReplica(int replica) {
        return steps(replica);
      }

      @Override
      public void onReplicaRestart(int replica, Duration time) {
        down = time;
        restarted.set(replica);
      }

      @Override
      public void onReplicaRetry(int replica) {
        retried.incrementAndGet();
      }
    };
  }

  /** Notices the first step of the replica that was started again. */
  private EngineListener steps(int replica) {
    return new EngineListener() {
      @Override
      public void onStep(StepReport step) {
        if (restarted.get() == replica && isServing.getCount() > 0) {
          servedNanos = System.nanoTime();
          isServing.countDown();
        }
      }
    };
  }

  /** Kills one after so long, and goes on for as long once it serves again. */
  ObjectNode run(Model model, Duration killAfter) {
    int replicas = model.info().replicas().size();
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
      long kill = System.nanoTime();
      Workers workers = Workers.running(replicas);
      workers.first().destroyForcibly();
      boolean isBack = isServing.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      double cpuSeconds = workers.cpuSecondsOfOthers();
      long back = isBack ? servedNanos : System.nanoTime();
      TimeUnit.NANOSECONDS.sleep(killAfter.toNanos());
      isOver = true;
      for (Thread thread : threads) {
        thread.join(PATIENCE.toMillis());
      }
      return figures(isBack, kill, back, kill - killAfter.toNanos())
          .put("cpuSecondsToServe", cpuSeconds);
    } catch (InterruptedException e) {
      throw new IllegalStateException("Interrupted while measuring", e);
    }
  }

  private ObjectNode figures(boolean isBack, long kill, long back, long begin) {
    return new JsonMapper()
        .createObjectNode()
        .put("ended", ended.get())
        .put("retried", retried.get())
        .put("failed", failed.get())
        .put("lost", begun.get() - ended.get() - failed.get())
        .put("isBack", isBack)
        .put("secondsToRecover", down.toNanos() / 1e9)
        .put("secondsToServe", (back - kill) / 1e9)
        .put("longestSilenceSeconds", pieces.longestSilenceSeconds(kill, back))
        .put("piecesPerSecondBefore", pieces.perSecond(begin, kill))
        .put("piecesPerSecondMeanwhile", pieces.perSecond(kill, back));
  }

  private void ask(Generator generator, int caller) {
    Generator greedy = generator.temperature(0).minNewTokens(newTokens).maxNewTokens(newTokens);
    for (int i = 0; !isOver; i++) {
      String prompt = caller + "." + i + " " + passages.words(caller * 31 + i, promptWords);
      begun.incrementAndGet();
      try {
        read(greedy.stream(prompt));
        ended.incrementAndGet();
      } catch (LoquatException e) {
        failed.incrementAndGet();
      }
    }
  }

  private void read(TextStream stream) {
    try (stream) {
      stream.forEach(piece -> pieces.add(System.nanoTime()));
    }
  }
}
