package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.loquat.backend.onnx.graph.GraphValues;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** Executes the runs of a step. */
public final class StepRunner implements AutoCloseable {
  private final LoadedDecoder decoder;
  private final SlotMemory memory;
  private final LogitsBuffer logits;
  private final RunInputs inputs;

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
    this.inputs = new RunInputs(slots);
  }

  /**
   * Executes runs one after the other.
   *
   * @param runs fit the cache; the logits buffer is prepared for them
   * @throws OrtException if the runtime fails
   */
  public void execute(List<Run> runs) throws OrtException {
    int firstLogits = 0;
    for (Run run : runs) {
      execute(run, firstLogits);
      run.pieces().forEach(this::noteLength);
      firstLogits += run.picks();
    }
  }

  @Override
  public void close() {
    inputs.close();
  }

  private void execute(Run run, int firstLogits) throws OrtException {
    BoundSlots bound = memory.bound(run.slots());
    inputs.fill(run, memory.cache());
    try (RunTensors own = new RunTensors(decoder.environment())) {
      inputs.bind(run, own);
      ByteBuffer rows = logits.view(firstLogits, run.picks());
      OnnxTensor target = own.floats(rows, run.picks(), decoder.config().vocabularySize());
      Map<String, OnnxTensor> outputs = bound.outputsWith(GraphValues.LOGITS, target);
      decoder.session().run(bound.inputsWith(own.inputs()), outputs).close();
    }
  }

  private void noteLength(Piece piece) {
    memory.cache().setLength(piece.row().slot(), piece.lastPosition() + 1);
  }
}
