package dev.loquat.testkit.scripted;

import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import dev.loquat.memory.OwnedMemory;
import java.util.ArrayList;
import java.util.List;

/**
 * A backend without a model: the token that follows is the script's choice, by the tokens that the
 * slot's cache really holds. Its logit is {@value #LIKELIEST}, all others are 0.
 *
 * <p>So a test knows what an engine must generate, and a mistake with slots or positions shows as a
 * wrong token, or as an exception where a step builds on positions that were never written.
 *
 * <pre>{@code
 * ScriptedBackend backend =
 *     new ScriptedBackend(100, Script.counting(100), StepHook.failAt(3));
 * }</pre>
 *
 * <p>Confined, as every backend is; its log may be read by any thread.
 */
public final class ScriptedBackend implements Backend {
  /** The logit of the token that the script chose. */
  public static final float LIKELIEST = 10;

  static final long BYTES_PER_TOKEN = Integer.BYTES;

  private final int vocabularySize;
  private final Precision precision;
  private final Script script;
  private final StepHook hook;
  private final StepLog log;
  private final List<ScriptedSession> sessions = new ArrayList<>();
  private boolean closed;

  /**
   * Creates a backend in FP32 with a log of its own.
   *
   * @param vocabularySize the number of token ids
   * @param script which token follows
   * @param hook what happens before each step
   */
  public ScriptedBackend(int vocabularySize, Script script, StepHook hook) {
    this(vocabularySize, Precision.FP32, script, hook, new StepLog());
  }

  ScriptedBackend(
      int vocabularySize, Precision precision, Script script, StepHook hook, StepLog log) {
    this.vocabularySize = vocabularySize;
    this.precision = precision;
    this.script = script;
    this.hook = hook;
    this.log = log;
    log.backendOpened();
  }

  /**
   * What the backend was asked for.
   *
   * @return the log, which goes on
   */
  public StepLog log() {
    return log;
  }

  @Override
  public EffectivePrecision precision() {
    return EffectivePrecision.asRequested(precision);
  }

  @Override
  public DecoderSession openSession(CacheLayout layout) {
    if (closed) {
      throw new IllegalStateException("The backend is closed; open another one");
    }
    ScriptedSession session =
        new ScriptedSession(layout, new ScriptedModel(vocabularySize, script), hook, log);
    sessions.add(session);
    return session;
  }

  /** Counts an integer for each token id and each token in a cache. */
  @Override
  public long allocatedBytes() {
    long cached = sessions.stream().mapToLong(ScriptedSession::cachedTokens).sum();
    return closed ? 0 : BYTES_PER_TOKEN * (vocabularySize + cached);
  }

  @Override
  public OwnedMemory ownedMemory() {
    long weightBytes = closed ? 0 : BYTES_PER_TOKEN * vocabularySize;
    return new OwnedMemory(weightBytes, allocatedBytes() - weightBytes, 0, 0);
  }

  /** Does nothing. */
  @Override
  public void emptyCache() {}

  @Override
  public void close() {
    sessions.forEach(ScriptedSession::close);
    if (!closed) {
      closed = true;
      log.backendClosed();
    }
  }
}
