package dev.loquat.testkit.mutation;

import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.Logits;
import dev.loquat.backend.TokenDraw;
import dev.loquat.testkit.reference.ReferenceDraw;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A session whose tokens can be drawn where the logits lie; counts what was drawn and read. */
public class DrawingSession extends SessionDecorator {
  private final UnaryOperator<TokenDraw> change;
  private final List<TokenDraw> drawn = new ArrayList<>();
  private int read;

  /** Draws what it is asked for. */
  public DrawingSession(DecoderSession right) {
    this(right, UnaryOperator.identity());
  }

  /** Draws something else. */
  public DrawingSession(DecoderSession right, UnaryOperator<TokenDraw> change) {
    super(right);
    this.change = change;
  }

  @Override
  public Logits forward(ForwardBatch batch) {
    return new DrawingLogits(super.forward(batch));
  }

  /** The draws so far. */
  public List<TokenDraw> drawn() {
    return drawn;
  }

  /** The rows read so far, but for draws. */
  public int read() {
    return read;
  }

  private final class DrawingLogits implements Logits {
    private final Logits right;

    private DrawingLogits(Logits right) {
      this.right = right;
    }

    @Override
    public int rows() {
      return right.rows();
    }

    @Override
    public int vocabularySize() {
      return right.vocabularySize();
    }

    @Override
    public void read(int row, float[] destination) {
      read++;
      right.read(row, destination);
    }

    @Override
    public boolean draws() {
      return true;
    }

    @Override
    public int[] draw(List<TokenDraw> draws) {
      drawn.addAll(draws);
      return draws.stream().map(change).mapToInt(this::token).toArray();
    }

    private int token(TokenDraw draw) {
      float[] row = new float[vocabularySize()];
      right.read(draw.row(), row);
      return ReferenceDraw.of(row, draw);
    }
  }
}
