package dev.loquat;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.loquat.chat.ChatMessage;
import dev.loquat.chat.ChatTemplate;
import dev.loquat.checkpoint.GenerationDefaults;
import dev.loquat.constraint.Constraint;
import dev.loquat.error.ChatTemplateException;
import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.EngineLoad;
import dev.loquat.generation.GenerationOptions;
import dev.loquat.generation.GenerationRequest;
import dev.loquat.generation.PromptOverflow;
import dev.loquat.generation.SamplingOptions;
import dev.loquat.generation.SpeculationOptions;
import dev.loquat.generation.StopRules;
import dev.loquat.generation.TokenRules;
import dev.loquat.generation.Turn;
import dev.loquat.internal.engine.GenerationHandle;
import dev.loquat.internal.engine.TextEngine;
import dev.loquat.memory.MemoryPhase;
import dev.loquat.memory.MemoryProbe;
import dev.loquat.memory.MemoryReading;
import dev.loquat.memory.MemoryRecorder;
import dev.loquat.memory.MemoryWatch;
import dev.loquat.memory.ProcessMemory;
import dev.loquat.observation.LatencyRecorder;
import dev.loquat.observation.LatencyReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * A checkpoint loaded onto a device, ready to generate.
 *
 * <p>Safe for use by several threads. Holds native memory and a daemon thread until it is closed;
 * whoever loads it closes it. Closing fails generations that still run with {@link
 * dev.loquat.error.ModelClosedException}.
 */
public final class Model implements AutoCloseable {
  /** The new tokens of a generation that sets no limit. */
  public static final int DEFAULT_MAX_NEW_TOKENS = 256;

  private static final int RECORD_TYPES = 100;

  private final TextEngine engine;
  private final Optional<ChatTemplate> chatTemplate;
  private final MemoryRecorder memory;
  private final LatencyRecorder latency;
  private final ModelInfo info;
  private final Generator generator;
  private final Cache<Class<? extends Record>, Constraint> recordConstraints =
      Caffeine.newBuilder().weakKeys().maximumSize(RECORD_TYPES).executor(Runnable::run).build();

  Model(
      TextEngine engine,
      Optional<ChatTemplate> chatTemplate,
      MemoryRecorder memory,
      LatencyRecorder latency,
      ModelInfo info,
      GenerationDefaults defaults) {
    this.engine = engine;
    this.chatTemplate = chatTemplate;
    this.memory = memory;
    this.latency = latency;
    this.info = info;
    generator = new Generator(this, options(defaults));
  }

  /**
   * A generator with the checkpoint's own defaults.
   *
   * @return the start of a generation
   */
  public Generator generator() {
    return generator;
  }

  /**
   * What was loaded, where and how.
   *
   * @return device, backend, precision and sizes
   */
  public ModelInfo info() {
    return info;
  }

  /**
   * Counts the tokens of a prompt, with the special tokens that {@link Generator#generate(String)}
   * puts around it.
   *
   * @param prompt any text
   * @return as many as {@link dev.loquat.generation.GenerationResult#promptTokens} would say
   * @throws dev.loquat.error.ModelClosedException if the model is closed
   */
  public int countTokens(String prompt) {
    return engine.countTokens(requireNonNull(prompt, "prompt"), true);
  }

  /**
   * Counts the tokens of a conversation as {@link Generator#chat(List)} writes it out, up to where
   * the answer begins.
   *
   * @param messages the conversation so far, one message or more
   * @return as many as {@link dev.loquat.generation.GenerationResult#promptTokens} would say
   * @throws IllegalArgumentException if there is no message
   * @throws ChatTemplateException if the checkpoint has no template or the template refuses the
   *     messages
   * @throws dev.loquat.error.ModelClosedException if the model is closed
   */
  public int countTokens(List<ChatMessage> messages) {
    return engine.countTokens(written(messages), false);
  }

  /**
   * How busy the model is. A generation whose end was seen has left its slots.
   *
   * @return the sequences that run and wait, and the slots, as of now
   */
  public EngineLoad engineLoad() {
    return engine.load();
  }

  /**
   * The memory on the device and in the process, by phase and by what it is for, up to now. After
   * {@link #close} it tells what was still held then.
   *
   * @return the readings so far
   */
  public MemoryProbe memory() {
    return memory.snapshot();
  }

  /**
   * Watches the memory while the model is open: reads the process's at an interval, on one daemon
   * thread that the watch has of its own, and gives it with what was last read of the device, which
   * the engine does at some of its steps. The readings count for {@link MemoryPhase#PEAK}.
   *
   * @param interval the time between two readings, 1 ms or more
   * @param listener called on the watch's thread; one that throws ends the watch
   * @return the watch, which has begun; the caller closes it, and closing the model ends it
   * @throws IllegalArgumentException if the interval is out of range
   */
  public MemoryWatch watchMemory(Duration interval, Consumer<MemoryReading> listener) {
    requireNonNull(interval, "interval");
    return memory.watch(interval, ProcessMemory.current(), listener);
  }

  /**
   * How fast the model answered up to now, for all callers together: first tokens, tokens and
   * steps, and what of these the device computed. The first generation is warm-up and left out,
   * with whatever began before it ended.
   *
   * @return the report so far, also once the model is closed
   */
  public LatencyReport latency() {
    return latency.report();
  }

  /**
   * Begins the measurement of {@link #latency} anew: what begins from now on counts, without a
   * further warm-up.
   */
  public void resetLatency() {
    latency.reset();
  }

  /**
   * Gives memory back to the device that is kept for reuse: what free slots hold for prompts that
   * begin alike, and what the backend keeps. Running generations go on.
   *
   * @throws dev.loquat.error.ModelClosedException if the model is closed
   */
  public void emptyCache() {
    engine.emptyCache();
  }

  /**
   * Ends running generations and gives everything back. A second call does nothing. Waits 30 s at
   * most for the step that runs.
   *
   * @see #close(Duration)
   */
  @Override
  public void close() {
    engine.close();
  }

  /**
   * Ends running generations and gives everything back. A second call does nothing.
   *
   * @param patience how long to wait for the step that runs, zero or more. If the backend does not
   *     come back from it, whoever waits for the model gets a {@link
   *     dev.loquat.error.ModelClosedException} all the same, and the memory is given back when the
   *     backend does come back, since nothing can be taken from under native code
   * @return whether everything was given back
   * @throws IllegalArgumentException if the patience is negative
   */
  public boolean close(Duration patience) {
    return engine.close(requireNonNull(patience, "patience"));
  }

  /** A conversation as a prompt, up to where the answer begins. */
  String written(List<ChatMessage> messages) {
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("messages is empty; expected one message or more");
    }
    return chatTemplate().render(messages, true);
  }

  private ChatTemplate chatTemplate() {
    return chatTemplate.orElseThrow(
        () ->
            new ChatTemplateException(
                info.source()
                    + " has no chat template; expected one in chat_template.jinja,"
                    + " chat_template.json or tokenizer_config.json. Use generate() with a prompt written out."));
  }

  /** Whether it takes no more requests: it was closed, or its engine failed. */
  boolean hasEnded() {
    return engine.hasEnded();
  }

  /** The bytes that the model took on its device when it was loaded. */
  long weightBytes() {
    return memory.snapshot().at(MemoryPhase.AFTER_LOAD).map(MemoryReading::deviceBytes).orElse(0L);
  }

  /** The constraint of a record, compiled once. */
  Constraint constraint(Class<? extends Record> type) {
    return recordConstraints.get(type, Constraint::record);
  }

  GenerationHandle submit(GenerationRequest request) {
    return engine.submit(request);
  }

  GenerationHandle submit(GenerationRequest request, BeamOptions beams) {
    return engine.submit(request, beams);
  }

  List<GenerationHandle> score(GenerationRequest text) {
    return engine.score(text);
  }

  GenerationHandle submitNow(GenerationRequest request) {
    return engine.submitNow(request);
  }

  GenerationHandle submitNow(GenerationRequest request, BeamOptions beams) {
    return engine.submitNow(request, beams);
  }

  List<GenerationHandle> scoreNow(GenerationRequest text) {
    return engine.scoreNow(text);
  }

  private static GenerationOptions options(GenerationDefaults defaults) {
    SamplingOptions sampling = defaults.sampling();
    TokenRules tokens = sampling.tokens();
    int least = Math.max(tokens.minNewTokens(), tokens.forced().size());
    int maxNewTokens = Math.max(DEFAULT_MAX_NEW_TOKENS, least);
    return new GenerationOptions(
        maxNewTokens,
        sampling,
        StopRules.NONE,
        PromptOverflow.ERROR,
        Turn.ORDINARY,
        OptionalInt.empty(),
        Optional.empty(),
        SpeculationOptions.NONE);
  }
}
