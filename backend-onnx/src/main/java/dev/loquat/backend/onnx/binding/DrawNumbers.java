package dev.loquat.backend.onnx.binding;

import dev.loquat.backend.TokenDraw;
import dev.loquat.backend.onnx.graph.DrawGraph;
import dev.loquat.backend.onnx.graph.OnnxType;
import java.nio.ByteBuffer;
import java.util.List;

/** What draws read and give besides logits, in the machine's memory: one column after the other. */
final class DrawNumbers implements AutoCloseable {
  private static final int LAST_KEPT = Long.BYTES;
  private static final int RULES = LAST_KEPT + Long.BYTES;
  private static final int TOKENS = RULES + DrawGraph.RULE_COUNT * Double.BYTES;
  private static final int DRAW_BYTES = TOKENS + Integer.BYTES;

  private final int draws;
  private final NativeBlock block;

  /**
   * Writes down draws.
   *
   * @param draws 1 or more
   * @param places where in the logits their rows lie
   * @param vocabularySize the width of a row
   */
  DrawNumbers(List<TokenDraw> draws, int[] places, int vocabularySize) {
    this.draws = draws.size();
    this.block = NativeBlock.allocate((long) this.draws * DRAW_BYTES, "draws of tokens");
    ByteBuffer numbers = block.view();
    for (int i = 0; i < this.draws; i++) {
      TokenDraw draw = draws.get(i);
      numbers.putLong(i * Long.BYTES, places[draw.row()]);
      numbers.putLong(column(LAST_KEPT) + i * Long.BYTES, lastKept(draw, vocabularySize));
      numbers.position(column(RULES) + i * DrawGraph.RULE_COUNT * Double.BYTES);
      numbers.putDouble(draw.temperature()).putDouble(draw.topP());
      numbers.putDouble(draw.minP()).putDouble(draw.uniform());
    }
  }

  TensorView rows() {
    return TensorView.of(block, 0, OnnxType.INT64, draws, 1);
  }

  TensorView lastKept() {
    return TensorView.of(block, column(LAST_KEPT), OnnxType.INT64, draws, 1);
  }

  TensorView rules() {
    return TensorView.of(block, column(RULES), OnnxType.DOUBLE, draws, DrawGraph.RULE_COUNT);
  }

  /** Where the tokens are written. */
  TensorView tokens() {
    return TensorView.of(block, column(TOKENS), OnnxType.INT32, draws, 1);
  }

  /** The tokens, once they are written. */
  int[] drawn() {
    int[] drawn = new int[draws];
    block.view(column(TOKENS), tokens().byteLength()).asIntBuffer().get(drawn);
    return drawn;
  }

  @Override
  public void close() {
    block.close();
  }

  private int column(int bytesBefore) {
    return draws * bytesBefore;
  }

  private static int lastKept(TokenDraw draw, int vocabularySize) {
    int kept = draw.topK() == 0 ? vocabularySize : Math.min(draw.topK(), vocabularySize);
    return kept - 1;
  }
}
