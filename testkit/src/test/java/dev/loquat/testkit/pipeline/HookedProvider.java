package dev.loquat.testkit.pipeline;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.HiddenStates;
import dev.loquat.backend.Logits;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.testkit.mutation.BackendDecorator;
import dev.loquat.testkit.mutation.ProviderDecorator;
import dev.loquat.testkit.mutation.SessionDecorator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The reference, with a hook before each step of a part; notes what opens and closes. */
public class HookedProvider extends ProviderDecorator {
  private final StageHook hook;
  private final List<String> events = new CopyOnWriteArrayList<>();

  public HookedProvider(StageHook hook) {
    this.hook = hook;
  }

  /**
   * Such as "session 0", "cleared slot 1 of session 0", "closed session 0" and "closed backend 0",
   * by the first layer.
   */
  public List<String> events() {
    return events;
  }

  @Override
  public Backend open(Checkpoint checkpoint, LayerRange range, BackendOptions options) {
    return new BackendDecorator(super.open(checkpoint, range, options)) {
      @Override
      public DecoderSession openSession(CacheLayout layout) {
        DecoderSession session = super.openSession(layout);
        events.add("session " + range.first());
        return new Hooked(session, range);
      }

      @Override
      public void close() {
        events.add("closed backend " + range.first());
        super.close();
      }
    };
  }

  private final class Hooked extends SessionDecorator {
    private final LayerRange range;

    Hooked(DecoderSession right, LayerRange range) {
      super(right);
      this.range = range;
    }

    @Override
    public Logits forward(ForwardBatch batch, HiddenStates hidden) {
      hook.before(range, batch);
      return super.forward(batch, hidden);
    }

    @Override
    public void clearSlot(int slot) {
      events.add("cleared slot " + slot + " of session " + range.first());
      super.clearSlot(slot);
    }

    @Override
    public void close() {
      events.add("closed session " + range.first());
      super.close();
    }
  }
}
