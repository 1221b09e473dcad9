package dev.loquat.internal.replica;

import dev.loquat.generation.GenerationOptions;
import dev.loquat.generation.GenerationRequest;
import dev.loquat.generation.SamplingOptions;
import dev.loquat.internal.engine.Listeners;
import dev.loquat.internal.engine.RequestIntake;
import dev.loquat.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * What a group of replicas needs to know of its model.
 *
 * @param intake makes requests ready for every replica
 * @param tokenizer the model's tokenizer
 * @param nanoClock the clock of the intake
 * @param queueCapacity how many requests may wait, 1 or more
 * @param keptBlocks how many blocks of prompts a replica may keep in its KV cache, 1 or more
 * @param retryRunning whether what ran on a replica that ended is begun again on another one
 * @param listeners told of replicas that end and start again
 * @param reviver starts replicas again, which are other processes; empty for engines in this one
 */
public record GroupSettings(
    RequestIntake intake,
    Tokenizer tokenizer,
    LongSupplier nanoClock,
    int queueCapacity,
    int keptBlocks,
    boolean retryRunning,
    Listeners listeners,
    Optional<Reviver> reviver) {

  long nanos() {
    return nanoClock.getAsLong();
  }

  List<Member> members(List<? extends Replica> replicas) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < replicas.size(); i++) {
      members.add(new Member(i, replicas.get(i), keptBlocks));
    }
    return members;
  }

  /** What may be begun again is given the seed that it would be drawn with otherwise. */
  GenerationRequest repeatable(GenerationRequest request) {
    GenerationOptions options = request.options();
    SamplingOptions sampling = options.sampling();
    if (!retryRunning || sampling.seed().isPresent()) {
      return request;
    }
    long seed = ThreadLocalRandom.current().nextLong();
    return new GenerationRequest(
        request.name(),
        request.prompt(),
        request.addSpecialTokens(),
        options.withSampling(sampling.withSeed(seed)));
  }

  /**
   * Checks that a request can go to the replicas.
   *
   * @throws IllegalArgumentException if it holds code of the caller and they are other processes
   */
  void requirePossible(GenerationRequest request) {
    if (reviver.isPresent() && !request.options().sampling().processors().isEmpty()) {
      throw new IllegalArgumentException(
          "A LogitsProcessor can't go to a replica in another process; load with"
              + " Replicas.threads, or leave it out");
    }
  }
}
