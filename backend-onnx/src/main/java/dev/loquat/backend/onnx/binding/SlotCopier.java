package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.loquat.backend.onnx.capi.NativeBinding;
import dev.loquat.backend.onnx.capi.NativeRuntime;
import dev.loquat.backend.onnx.capi.NativeSession;
import dev.loquat.backend.onnx.capi.NativeTensor;
import dev.loquat.backend.onnx.graph.CopyGraph;
import dev.loquat.backend.onnx.graph.OnnxType;
import java.nio.LongBuffer;

/**
 * Copies slots within a device, and to it, by running a graph there: the C API copies between
 * devices only where a provider was registered as a library of its own.
 */
final class SlotCopier implements AutoCloseable {
  private static final int ADDED_POSITIONS = 4;
  private static final int PADS = 6;

  private final OrtSession graph;
  private final NativeSession session;
  private final NativeBlock addedBlock;
  private final LongBuffer added;

  /**
   * Takes over a session.
   *
   * @param runtime the C API
   * @param graph has loaded {@link CopyGraph}; closed by this, also if this fails
   */
  SlotCopier(NativeRuntime runtime, OrtSession graph) throws OrtException {
    this.graph = graph;
    NativeBlock block = NativeBlock.allocate((long) PADS * Long.BYTES, "numbers of positions");
    try {
      this.session = new NativeSession(runtime, graph);
    } catch (OrtException | RuntimeException | Error e) {
      try (graph;
          block) {
        throw e;
      }
    }
    this.addedBlock = block;
    this.added = addedBlock.view().asLongBuffer();
    for (int i = 0; i < PADS; i++) {
      added.put(i, 0);
    }
  }

  /** Copies a slot with all positions that both have; further ones are cleared. */
  void copy(SlotRegion from, SlotRegion to) throws OrtException {
    added.put(ADDED_POSITIONS, to.capacity() - from.capacity());
    try (NativeBinding binding = session.bind();
        NativeTensor held = NativeViews.of(session, view(from));
        NativeTensor moved = NativeViews.of(session, view(to));
        NativeTensor pads =
            NativeViews.of(session, TensorView.of(addedBlock, 0, OnnxType.INT64, PADS))) {
      binding.input(CopyGraph.HELD, held);
      binding.input(CopyGraph.ADDED, pads);
      binding.output(CopyGraph.COPY, moved);
      binding.awaitInputs();
      binding.run();
    }
  }

  @Override
  public void close() throws OrtException {
    try (graph;
        session;
        addedBlock) {
      return;
    }
  }

  private static TensorView view(SlotRegion region) {
    long width = region.positionBytes() / OnnxType.FLOAT.byteSize();
    return TensorView.of(
        region.block(), region.offset(), OnnxType.FLOAT, region.heads(), region.capacity(), width);
  }
}
