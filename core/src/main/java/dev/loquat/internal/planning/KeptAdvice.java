package dev.loquat.internal.planning;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.loquat.backend.PrecisionAdvice;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ElementType;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.internal.discovery.BackendChoice;
import java.util.List;

/**
 * What backends advised for models, asked once each: they may measure, and the machine stays what
 * it is. A model is known by its description and by how each of its weights is stored, not by where
 * it lies. Safe for use by several threads.
 */
public final class KeptAdvice {
  /** The process's only one: plans and loads have no object in common that could own it. */
  public static final KeptAdvice OF_PROCESS = new KeptAdvice();

  private static final int MODELS = 100;

  private final Cache<Question, PrecisionAdvice> answers =
      Caffeine.newBuilder().maximumSize(MODELS).executor(Runnable::run).build();

  KeptAdvice() {}

  /**
   * What a backend advises.
   *
   * @param choice the backend and the device
   * @param checkpoint the model; stays the caller's
   * @param threads the threads of a CPU; 0 for the backend's choice
   * @return the advice
   */
  public PrecisionAdvice of(BackendChoice choice, Checkpoint checkpoint, int threads) {
    Question question =
        new Question(
            choice.provider().name(),
            choice.device(),
            checkpoint.config(),
            checkpoint.elementTypes(),
            threads);
    return answers.get(
        question, asked -> choice.provider().advise(checkpoint, choice.device(), threads));
  }

  private record Question(
      String backend, Device device, ModelConfig model, List<ElementType> stored, int threads) {}
}
