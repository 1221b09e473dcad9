package dev.loquat.testkit.mutation;

import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.HiddenStates;
import dev.loquat.backend.Logits;
import dev.loquat.backend.TokenDraw;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Sessions that compute something else than they were asked for. */
final class SessionMutations {
  private SessionMutations() {}

  /** Changes every row before the step. */
  static DecoderSession rows(DecoderSession right, UnaryOperator<ForwardRow> change) {
    return new SessionDecorator(right) {
      @Override
      public Logits forward(ForwardBatch batch) {
        return super.forward(new ForwardBatch(batch.rows().stream().map(change).toList()));
      }
    };
  }

  /** Every row starts its slot anew. */
  static DecoderSession forgetsFirstPosition(DecoderSession right) {
    return rows(right, row -> copy(row, row.slot(), 0));
  }

  /** Neighbouring slots share their cache; a batch that uses both is refused. */
  static DecoderSession sharesSlotsOfNeighbours(DecoderSession right) {
    return rows(right, row -> copy(row, row.slot() / 2 * 2, row.firstPosition()));
  }

  /** Answers in the order of slots. */
  static DecoderSession sortsRowsBySlot(DecoderSession right) {
    return new SessionDecorator(right) {
      @Override
      public Logits forward(ForwardBatch batch) {
        List<ForwardRow> sorted =
            batch.rows().stream().sorted(Comparator.comparingInt(ForwardRow::slot)).toList();
        return super.forward(new ForwardBatch(sorted));
      }
    };
  }

  /** Reads the logits one row off. */
  static DecoderSession readsTheNextRow(DecoderSession right) {
    return new SessionDecorator(right) {
      @Override
      public Logits forward(ForwardBatch batch) {
        return shifted(super.forward(batch));
      }
    };
  }

  /** Replaces token ids outside the vocabulary. */
  static DecoderSession clampsTokens(DecoderSession right) {
    return rows(
        right,
        row -> {
          int[] tokens = tokens(row);
          for (int i = 0; i < tokens.length; i++) {
            tokens[i] = Math.min(Math.max(tokens[i], 0), 271);
          }
          return new ForwardRow(row.slot(), row.firstPosition(), tokens, row.logitsCount());
        });
  }

  /** Skips rows without logits, as if their tokens did not matter. */
  static DecoderSession skipsRowsWithoutLogits(DecoderSession right) {
    return new SessionDecorator(right) {
      @Override
      public Logits forward(ForwardBatch batch) {
        List<ForwardRow> wanted =
            batch.rows().stream().filter(row -> row.logitsCount() > 0).toList();
        return super.forward(wanted.isEmpty() ? batch : new ForwardBatch(wanted));
      }
    };
  }

  /** Appends where it should go back and overwrite. */
  static DecoderSession neverGoesBack(DecoderSession right) {
    Map<Integer, Integer> lengths = new HashMap<>();
    return rows(
        right,
        row -> {
          int position = Math.max(row.firstPosition(), lengths.getOrDefault(row.slot(), 0));
          lengths.put(row.slot(), position + row.length());
          return copy(row, row.slot(), position);
        });
  }

  /** Copies nothing. */
  static DecoderSession copiesNothing(DecoderSession right) {
    return new SessionDecorator(right) {
      @Override
      public void copySlot(int from, int to, int tokens) {
        super.copySlot(from, from, tokens);
      }
    };
  }

  /** Stays open. */
  static DecoderSession ignoresClose(DecoderSession right) {
    return new SessionDecorator(right) {
      @Override
      public void close() {}
    };
  }

  private static Logits shifted(Logits right) {
    return new Logits() {
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
        right.read((row + 1) % rows(), destination);
      }
    };
  }

  private static ForwardRow copy(ForwardRow row, int slot, int firstPosition) {
    return new ForwardRow(slot, firstPosition, tokens(row), row.logitsCount());
  }

  private static int[] tokens(ForwardRow row) {
    int[] tokens = new int[row.length()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = row.token(i);
    }
    return tokens;
  }

  /** Clears the slot after the one to clear. */
  static DecoderSession clearsTheNextSlot(DecoderSession right) {
    return new SessionDecorator(right) {
      @Override
      public void clearSlot(int slot) {
        right.clearSlot(slot);
        right.clearSlot(slot + 1);
      }
    };
  }

  /** Hands the hidden states of a step's tokens on in the wrong order. */
  static DecoderSession shiftsHiddenStates(DecoderSession right) {
    return new SessionDecorator(right) {
      @Override
      public Logits forward(ForwardBatch batch, HiddenStates hidden) {
        Logits logits = right.forward(batch, hidden);
        ByteBuffer memory = hidden.memory();
        byte[] last = new byte[hidden.byteLength() / hidden.tokens()];
        memory.get(memory.limit() - last.length, last);
        memory.put(last.length, hidden.memory(), 0, memory.limit() - last.length);
        memory.put(0, last);
        return logits;
      }
    };
  }

  /** Draws as if nothing had to be left out. */
  static DecoderSession drawsFromAllTokens(DecoderSession right) {
    return new DrawingSession(
        right, draw -> new TokenDraw(draw.row(), draw.temperature(), 0, 1, 0, draw.uniform()));
  }

  /** Draws at temperature 1. */
  static DecoderSession drawsWithoutTemperature(DecoderSession right) {
    return new DrawingSession(
        right,
        draw ->
            new TokenDraw(draw.row(), 1, draw.topK(), draw.topP(), draw.minP(), draw.uniform()));
  }

  /** Draws as if there were no top-p. */
  static DecoderSession drawsWithoutTopP(DecoderSession right) {
    return new DrawingSession(
        right,
        draw ->
            new TokenDraw(
                draw.row(), draw.temperature(), draw.topK(), 1, draw.minP(), draw.uniform()));
  }

  /** Draws as if min-p were a little less. */
  static DecoderSession drawsWithLessMinP(DecoderSession right) {
    return new DrawingSession(
        right,
        draw ->
            new TokenDraw(
                draw.row(),
                draw.temperature(),
                draw.topK(),
                draw.topP(),
                0.99 * draw.minP(),
                draw.uniform()));
  }

  /** Draws as if the random number were a little less. */
  static DecoderSession drawsWithALesserNumber(DecoderSession right) {
    return new DrawingSession(
        right,
        draw ->
            new TokenDraw(
                draw.row(),
                draw.temperature(),
                draw.topK(),
                draw.topP(),
                draw.minP(),
                0.99 * draw.uniform()));
  }
}
