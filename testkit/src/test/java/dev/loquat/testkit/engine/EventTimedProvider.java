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
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** A backend whose device times its steps itself. */
final class EventTimedProvider extends ProviderDecorator {
  private final Supplier<Optional<Duration>> events;

  EventTimedProvider(BackendProvider right, Supplier<Optional<Duration>> events) {
    super(right);
    this.events = events;
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    return new BackendDecorator(super.open(checkpoint, options)) {
      @Override
      public DecoderSession openSession(CacheLayout layout) {
        return new EventTimed(super.openSession(layout), events);
      }
    };
  }

  private static final class EventTimed extends SessionDecorator {
    private final Supplier<Optional<Duration>> events;

    EventTimed(DecoderSession right, Supplier<Optional<Duration>> events) {
      super(right);
      this.events = events;
    }

    @Override
    public Optional<Duration> deviceTime() {
      return events.get();
    }
  }
}
