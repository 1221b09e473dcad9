package dev.loquat.testkit.engine;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.Logits;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.testkit.mutation.BackendDecorator;
import dev.loquat.testkit.mutation.ProviderDecorator;
import dev.loquat.testkit.mutation.SessionDecorator;
import java.util.Arrays;

/** A backend whose numbers overflow in its first step: every logit is NaN. */
final class NanProvider extends ProviderDecorator {

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    return new BackendDecorator(super.open(checkpoint, options)) {
      @Override
      public DecoderSession openSession(CacheLayout layout) {
        return new NanSession(super.openSession(layout));
      }
    };
  }

  private static final class NanSession extends SessionDecorator {
    private boolean overflowed;

    NanSession(DecoderSession right) {
      super(right);
    }

    @Override
    public Logits forward(ForwardBatch batch) {
      Logits logits = super.forward(batch);
      if (overflowed) {
        return logits;
      }
      overflowed = true;
      return new NanLogits(logits);
    }
  }

  private record NanLogits(Logits right) implements Logits {

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
      Arrays.fill(destination, Float.NaN);
    }
  }
}
