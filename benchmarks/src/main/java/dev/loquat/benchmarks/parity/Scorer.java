package dev.loquat.benchmarks.parity;

import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import java.util.List;
import java.util.stream.IntStream;

/** Runs one sequence at a time and reads what the model expects next. */
final class Scorer implements AutoCloseable {
  private final DecoderSession session;
  private int position;

  Scorer(Backend backend, int contextLength) {
    session = backend.openSession(new CacheLayout(1, contextLength));
  }

  /** Begins a sequence; the distributions after each of its tokens. */
  List<LogProbs> score(List<Integer> ids) {
    position = 0;
    return forward(ids, ids.size());
  }

  /** Begins a sequence; the distribution after its last token. */
  LogProbs begin(List<Integer> ids) {
    position = 0;
    return forward(ids, 1).get(0);
  }

  /** Goes on with the sequence by one token. */
  LogProbs append(int id) {
    return forward(List.of(id), 1).get(0);
  }

  private List<LogProbs> forward(List<Integer> ids, int logitsCount) {
    int[] tokens = ids.stream().mapToInt(Integer::intValue).toArray();
    ForwardRow row = new ForwardRow(0, position, tokens, logitsCount);
    Logits logits = session.forward(new ForwardBatch(List.of(row)));
    position = row.endPosition();
    return IntStream.range(0, logits.rows()).mapToObj(index -> read(logits, index)).toList();
  }

  private static LogProbs read(Logits logits, int row) {
    float[] values = new float[logits.vocabularySize()];
    logits.read(row, values);
    return new LogProbs(values);
  }

  @Override
  public void close() {
    session.close();
  }
}
