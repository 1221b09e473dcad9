package dev.loquat.backend.onnx.binding;

import dev.loquat.backend.Logits;
import java.util.Objects;

/** The logits of one step, where its runs left them. */
final class StepLogits implements Logits {
  private final LogitsBuffer buffer;
  private final int[] places;
  private final int vocabularySize;

  StepLogits(LogitsBuffer buffer, int[] places, int vocabularySize) {
    this.buffer = buffer;
    this.places = places;
    this.vocabularySize = vocabularySize;
  }

  @Override
  public int rows() {
    return places.length;
  }

  @Override
  public int vocabularySize() {
    return vocabularySize;
  }

  @Override
  public void read(int row, float[] destination) {
    Objects.checkIndex(row, places.length);
    Objects.checkFromIndexSize(0, vocabularySize, destination.length);
    buffer.read(this, places[row], destination);
  }
}
