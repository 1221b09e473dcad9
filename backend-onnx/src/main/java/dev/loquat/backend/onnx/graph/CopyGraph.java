package dev.loquat.backend.onnx.graph;

/**
 * A graph that copies memory within a device: rows of one length become rows of another, cut or
 * continued with zeros.
 */
public final class CopyGraph {
  /** What is copied, {@code float32 [rows, positions, width]}; any bits will do. */
  public static final String HELD = "held";

  /** Zeros but for the second to last, the positions that are added, {@code int64 [6]}. */
  public static final String ADDED = "added";

  /** The copy, {@code float32 [rows, positions + added, width]}. */
  public static final String COPY = "copy";

  private static final int PADS = 6;

  private CopyGraph() {}

  /**
   * The model.
   *
   * @return the bytes of an ONNX file
   */
  public static byte[] model() {
    GraphBuilder graph = new GraphBuilder("copy");
    Shape held = new Shape().by("rows").by("positions").by("width");
    graph.input(HELD, OnnxType.FLOAT, held);
    graph.input(ADDED, OnnxType.INT64, new Shape().by(PADS));
    graph.add(Node.standard("Pad", HELD, ADDED), COPY);
    graph.output(COPY, OnnxType.FLOAT, new Shape().by("rows").by("new_positions").by("width"));
    return graph.toModel();
  }
}
