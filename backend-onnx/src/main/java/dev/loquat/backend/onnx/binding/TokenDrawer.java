package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.TokenDraw;
import dev.loquat.backend.onnx.capi.NativeRuntime;
import dev.loquat.backend.onnx.graph.DrawGraph;
import dev.loquat.backend.onnx.graph.LikeliestGraph;
import java.util.List;

/** Draws tokens where logits lie, by graphs that run there. */
public final class TokenDrawer implements AutoCloseable {
  private final DrawProgram any;
  private final DrawProgram likeliest;
  private final int vocabularySize;

  private TokenDrawer(DrawProgram any, DrawProgram likeliest, int vocabularySize) {
    this.any = any;
    this.likeliest = likeliest;
    this.vocabularySize = vocabularySize;
  }

  /**
   * Loads the graphs.
   *
   * @param runtime the C API
   * @param loader loads onto the device that logits lie on
   * @param vocabularySize the width of a row
   * @return the drawer; the caller closes it
   * @throws OrtException if the runtime fails
   */
  public static TokenDrawer load(NativeRuntime runtime, GraphLoader loader, int vocabularySize)
      throws OrtException {
    DrawProgram any = DrawProgram.load(runtime, loader, DrawGraph.model(vocabularySize));
    try {
      byte[] model = LikeliestGraph.model(vocabularySize);
      return new TokenDrawer(any, DrawProgram.load(runtime, loader, model), vocabularySize);
    } catch (OrtException | RuntimeException | Error e) {
      any.close();
      throw e;
    }
  }

  /**
   * Draws tokens.
   *
   * @param logits {@code [rows, vocabulary]}
   * @param draws 1 or more
   * @param places where in the logits their rows lie
   */
  int[] draw(TensorView logits, List<TokenDraw> draws, int[] places) throws OrtException {
    boolean withRules = !draws.stream().allMatch(TokenDrawer::isLikeliest);
    try (DrawNumbers numbers = new DrawNumbers(draws, places, vocabularySize)) {
      (withRules ? any : likeliest).run(logits, numbers, withRules);
      return numbers.drawn();
    }
  }

  @Override
  public void close() throws OrtException {
    try {
      any.close();
    } finally {
      likeliest.close();
    }
  }

  private static boolean isLikeliest(TokenDraw draw) {
    return draw.uniform() == 0;
  }
}
