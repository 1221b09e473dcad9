package dev.loquat.testkit.engine;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.testkit.mutation.BackendDecorator;
import dev.loquat.testkit.mutation.DrawingSession;
import dev.loquat.testkit.mutation.ProviderDecorator;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A backend that draws tokens where logits lie. */
final class DrawingProvider extends ProviderDecorator {
  private final Function<DecoderSession, DrawingSession> drawing;
  private @Nullable DrawingSession last;

  DrawingProvider(BackendProvider right, Function<DecoderSession, DrawingSession> drawing) {
    super(right);
    this.drawing = drawing;
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    return new BackendDecorator(super.open(checkpoint, options)) {
      @Override
      public DecoderSession openSession(CacheLayout layout) {
        last = drawing.apply(super.openSession(layout));
        return last;
      }
    };
  }

  /** The session that was opened last. */
  DrawingSession session() {
    return Objects.requireNonNull(last, "no session");
  }
}
