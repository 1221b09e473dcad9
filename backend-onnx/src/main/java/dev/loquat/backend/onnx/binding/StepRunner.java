package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.HiddenStates;
import dev.loquat.backend.onnx.graph.GraphValues;
import java.util.List;
import java.util.Optional;

/** Executes the runs of a step. */
public final class StepRunner implements AutoCloseable {
  private final LoadedDecoder decoder;
  private final SlotMemory memory;
  private final LogitsBuffer logits;
  private final RunInputs inputs;
  private final RunHidden hidden;

  /**
   * Allocates the inputs.
   *
   * @param decoder the model
   * @param memory what runs read and write
   * @param logits where runs leave logits
   * @param slots the slots of the cache
   */
  public StepRunner(LoadedDecoder decoder, SlotMemory memory, LogitsBuffer logits, int slots) {
    this.decoder = decoder;
    this.memory = memory;
    this.logits = logits;
    this.inputs = new RunInputs(decoder.range(), slots);
    this.hidden = new RunHidden(decoder.range(), decoder.config().hiddenSize());
  }

  /**
   * Executes runs one after the other.
   *
   * @param runs fit the cache; the logits buffer is prepared for them
   * @param step the hidden states of the step, which a part of the model reads and writes; empty
   *     for a whole model
   * @throws OrtException if the runtime fails
   */
  public void execute(List<Run> runs, Optional<HiddenStates> step) throws OrtException {
    int firstLogits = 0;
    for (Run run : runs) {
      step.ifPresent(states -> hidden.take(run, states));
      execute(run, firstLogits);
      step.ifPresent(states -> hidden.handOver(run, states));
      run.pieces().forEach(this::noteLength);
      firstLogits += run.picks();
    }
  }

  @Override
  public void close() {
    inputs.close();
    hidden.close();
  }

  private void execute(Run run, int firstLogits) throws OrtException {
    SlotBinding binding = memory.binding(run.slots());
    inputs.fill(run, memory.cache());
    inputs.bind(run, binding);
    hidden.bind(run, binding);
    if (decoder.range().isLastStage()) {
      binding.output(GraphValues.LOGITS, logits.view(firstLogits, run.picks()));
    }
    binding.run();
  }

  private void noteLength(Piece piece) {
    memory.cache().setLength(piece.row().slot(), piece.lastPosition() + 1);
  }
}
