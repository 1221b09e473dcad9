package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.loquat.backend.onnx.capi.NativeRuntime;
import dev.loquat.backend.onnx.capi.NativeSession;
import dev.loquat.backend.onnx.graph.DrawGraph;

/** One of the graphs that draw tokens, loaded. What it works with stays with its allocator. */
final class DrawProgram implements AutoCloseable {
  private final OrtSession graph;
  private final NativeSession session;
  private final TensorMemory host = new HostMemory(Long.MAX_VALUE);

  private DrawProgram(OrtSession graph, NativeSession session) {
    this.graph = graph;
    this.session = session;
  }

  /** Loads a graph; the caller closes it. */
  static DrawProgram load(NativeRuntime runtime, GraphLoader loader, byte[] model)
      throws OrtException {
    OrtSession graph = loader.load(model);
    try {
      return new DrawProgram(graph, new NativeSession(runtime, graph));
    } catch (OrtException | RuntimeException | Error e) {
      graph.close();
      throw e;
    }
  }

  /** Draws from logits, {@code [rows, vocabulary]}, and waits for the tokens. */
  void run(TensorView logits, DrawNumbers numbers, boolean withRules) throws OrtException {
    try (SlotBinding binding = new BoundBinding(session, host)) {
      binding.input(DrawGraph.LOGITS, logits);
      binding.input(DrawGraph.ROWS, numbers.rows());
      if (withRules) {
        binding.input(DrawGraph.LAST_KEPT, numbers.lastKept());
        binding.input(DrawGraph.RULES, numbers.rules());
      }
      binding.output(DrawGraph.TOKENS, numbers.tokens());
      binding.run();
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
    graph.close();
  }
}
