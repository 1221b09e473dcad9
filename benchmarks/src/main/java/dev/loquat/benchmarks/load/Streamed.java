package dev.loquat.benchmarks.load;

import dev.loquat.Generator;
import dev.loquat.TextStream;
import dev.loquat.generation.TextDelta;
import java.util.Iterator;
import java.util.OptionalLong;

/** The call that reads piece by piece; closing the stream cancels it. */
final class Streamed implements Way {

  @Override
  public Observation call(Generator generator, Shape shape) {
    PieceTimes times = new PieceTimes();
    OptionalLong last = shape.lastPiece();
    TextStream stream = generator.stream(shape.prompt());
    Iterator<TextDelta> pieces = stream.iterator();
    while (pieces.hasNext()) {
      pieces.next();
      if (times.note() == last.orElse(Long.MAX_VALUE)) {
        stream.close();
      }
    }
    return Observation.of(stream.result(), times.gaps());
  }
}
