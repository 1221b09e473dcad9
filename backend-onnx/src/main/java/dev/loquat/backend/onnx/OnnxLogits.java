package dev.loquat.backend.onnx;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.Logits;
import dev.loquat.backend.TokenDraw;
import dev.loquat.backend.onnx.binding.StepLogits;
import java.util.List;

/** The logits of a step, whose failures are the library's. */
final class OnnxLogits implements Logits {
  private final StepLogits step;

  OnnxLogits(StepLogits step) {
    this.step = step;
  }

  @Override
  public int rows() {
    return step.rows();
  }

  @Override
  public int vocabularySize() {
    return step.vocabularySize();
  }

  @Override
  public void read(int row, float[] destination) {
    try {
      step.read(row, destination);
    } catch (OrtException e) {
      throw RuntimeFailures.failure("read logits", vocabularySize() + " numbers", e);
    }
  }

  @Override
  public boolean draws() {
    return step.draws();
  }

  @Override
  public int[] draw(List<TokenDraw> draws) {
    if (!draws()) {
      return Logits.super.draw(draws);
    }
    try {
      return step.draw(draws);
    } catch (OrtException e) {
      String sizes = draws.size() + " tokens of " + vocabularySize();
      throw RuntimeFailures.failure("draw tokens", sizes, e);
    }
  }
}
