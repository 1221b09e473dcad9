package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.TokenDraw;
import java.util.List;
import java.util.Objects;

/** The logits of one step, where its runs left them: as {@link dev.loquat.backend.Logits} tells. */
public final class StepLogits {
  private final LogitsBuffer buffer;
  private final int[] places;
  private final int vocabularySize;

  StepLogits(LogitsBuffer buffer, int[] places, int vocabularySize) {
    this.buffer = buffer;
    this.places = places;
    this.vocabularySize = vocabularySize;
  }

  /**
   * The number of rows.
   *
   * @return 0 or more
   */
  public int rows() {
    return places.length;
  }

  /**
   * The width of a row.
   *
   * @return the model's vocabulary size
   */
  public int vocabularySize() {
    return vocabularySize;
  }

  /**
   * Copies one row.
   *
   * @param row which row
   * @param destination takes the row from its start
   * @throws OrtException if the device can't copy it
   */
  public void read(int row, float[] destination) throws OrtException {
    Objects.checkIndex(row, places.length);
    Objects.checkFromIndexSize(0, vocabularySize, destination.length);
    buffer.read(this, places[row], destination);
  }

  /**
   * Whether tokens can be drawn where the rows lie.
   *
   * @return true in memory of a device's own
   */
  public boolean draws() {
    return buffer.draws();
  }

  /**
   * Draws tokens, where {@link #draws} says so.
   *
   * @param draws from rows of this step
   * @return a token for each, or none
   * @throws OrtException if the device can't draw them
   */
  public int[] draw(List<TokenDraw> draws) throws OrtException {
    draws.forEach(draw -> Objects.checkIndex(draw.row(), places.length));
    return draws.isEmpty() ? new int[0] : buffer.draw(this, draws, places);
  }
}
