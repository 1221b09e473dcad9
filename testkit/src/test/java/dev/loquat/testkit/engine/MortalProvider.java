package dev.loquat.testkit.engine;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.error.BackendException;
import dev.loquat.testkit.scripted.Script;
import dev.loquat.testkit.scripted.ScriptedBackend;
import dev.loquat.testkit.scripted.StepHook;
import dev.loquat.testkit.scripted.StepLog;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Opens one backend for each replica, which the test can have compute nothing any more. */
final class MortalProvider extends ProcessorProvider {
  private final Script script;
  private final ReplicaHook hook;
  private final List<ScriptedBackend> opened = new CopyOnWriteArrayList<>();
  private final List<BackendOptions> options = new CopyOnWriteArrayList<>();
  private final Set<Integer> dead = ConcurrentHashMap.newKeySet();

  MortalProvider(Script script, ReplicaHook hook) {
    super("mortal");
    this.script = script;
    this.hook = hook;
  }

  /** What a test does in the middle of a step of a replica, whose steps count from 1. */
  interface ReplicaHook {
    void beforeStep(int replica, int step) throws InterruptedException;
  }

  void kill(int replica) {
    dead.add(replica);
  }

  StepLog log(int replica) {
    return opened.get(replica).log();
  }

  BackendOptions options(int replica) {
    return options.get(replica);
  }

  long openBackends() {
    return opened.stream().mapToInt(backend -> backend.log().openBackends()).sum();
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions terms) {
    int replica = opened.size();
    ScriptedBackend backend =
        new ScriptedBackend(checkpoint.config().vocabularySize(), script, mortal(replica));
    options.add(terms);
    opened.add(backend);
    return backend;
  }

  private StepHook mortal(int replica) {
    return (step, batch) -> {
      hook.beforeStep(replica, step);
      if (dead.contains(replica)) {
        throw new BackendException("Replica " + replica + " is dead, as the test asked for.");
      }
    };
  }
}
