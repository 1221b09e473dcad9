package dev.loquat.testkit.engine;

import dev.loquat.Loquat;
import dev.loquat.ModelLoader;
import dev.loquat.backend.BackendProvider;
import dev.loquat.error.BackendException;
import dev.loquat.testkit.scripted.Script;
import dev.loquat.testkit.scripted.ScriptedBackendProvider;
import dev.loquat.testkit.scripted.StepHook;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Models over backends that the test scripts, and a step that it can hold. */
@Timeout(60)
abstract class StagedModels {
  static final int CONTEXT = 2048;

  final CountDownLatch reached = new CountDownLatch(1);
  final CountDownLatch release = new CountDownLatch(1);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @AfterEach
  void clearStage() {
    StagedProvider.clear();
  }

  /** Puts a backend on stage that answers with letters that depend on every token before. */
  final ScriptedBackendProvider stage(StepHook hook) {
    return stage(letterScript(), hook);
  }

  final ScriptedBackendProvider stage(Script script, StepHook hook) {
    ScriptedBackendProvider provider = new ScriptedBackendProvider(size -> script, hook);
    StagedProvider.put(provider);
    return provider;
  }

  /** A backend that answers with letters, to be spoilt. */
  static ScriptedBackendProvider lettersProvider() {
    return new ScriptedBackendProvider(size -> letterScript(), StepHook.none());
  }

  final void stage(BackendProvider provider) {
    StagedProvider.put(provider);
  }

  final ModelLoader loader() throws IOException {
    Path checkpoint = TinyCheckpoint.llama().layers(1).contextLength(CONTEXT).writeTo(folder);
    return Loquat.model(checkpoint).backend(StagedProvider.NAME);
  }

  /** Holds a step until it is released; a test that fails before that must not hang in close. */
  final StepHook hold(int held) {
    return (step, batch) -> {
      if (step == held) {
        reached.countDown();
        if (!release.await(30, TimeUnit.SECONDS)) {
          throw new BackendException("Step " + step + " was never released.");
        }
      }
    };
  }

  /** A step that takes as long as the timeout of what was submitted before it. */
  static StepHook passAt(int slow, Duration timeout) {
    return (step, batch) -> {
      long begin = System.nanoTime();
      while (step == slow && System.nanoTime() - begin <= timeout.toNanos()) {
        Thread.onSpinWait();
      }
    };
  }

  /** What the letters after a prompt are, by the script alone. */
  static String lettersAfter(String prompt, int count) {
    StringBuilder text = new StringBuilder(prompt);
    for (int i = 0; i < count; i++) {
      text.append((char) letterScript().next(bytes(text.toString())));
    }
    return text.substring(prompt.length());
  }

  static int[] bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] tokens = new int[bytes.length];
    Arrays.setAll(tokens, i -> Byte.toUnsignedInt(bytes[i]));
    return tokens;
  }

  static Script letterScript() {
    Script checksum = Script.checksum(26);
    return tokens -> 'a' + checksum.next(tokens);
  }
}
