package dev.loquat.testkit.engine;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.testkit.mutation.BackendDecorator;
import dev.loquat.testkit.mutation.ProviderDecorator;
import dev.loquat.testkit.mutation.SessionDecorator;

/** A backend whose rows of several tokens each take a pass over the weights of their own. */
final class RowsApartProvider extends ProviderDecorator {

  RowsApartProvider(BackendProvider right) {
    super(right);
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    return new BackendDecorator(super.open(checkpoint, options)) {
      @Override
      public DecoderSession openSession(CacheLayout layout) {
        return new RowsApart(super.openSession(layout));
      }
    };
  }

  private static final class RowsApart extends SessionDecorator {

    RowsApart(DecoderSession right) {
      super(right);
    }

    @Override
    public boolean batchesLongRows() {
      return false;
    }
  }
}
