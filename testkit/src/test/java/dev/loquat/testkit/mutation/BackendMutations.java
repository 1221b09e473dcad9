package dev.loquat.testkit.mutation;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.device.Device;
import dev.loquat.device.EffectivePrecision;
import dev.loquat.device.Precision;
import dev.loquat.memory.OwnedMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Providers and backends that are wrong about what they own and what they can do. */
final class BackendMutations {
  private BackendMutations() {}

  /** Not mutated. */
  static BackendProvider right() {
    return new ProviderDecorator() {};
  }

  /** Spoils every backend. */
  static BackendProvider backends(UnaryOperator<Backend> spoil) {
    return new ProviderDecorator() {
      @Override
      public Backend open(Checkpoint checkpoint, BackendOptions options) {
        return spoil.apply(super.open(checkpoint, options));
      }
    };
  }

  /** Spoils every session. */
  static BackendProvider sessions(UnaryOperator<DecoderSession> spoil) {
    return backends(
        right ->
            new BackendDecorator(right) {
              @Override
              public DecoderSession openSession(CacheLayout layout) {
                return spoil.apply(super.openSession(layout));
              }
            });
  }

  /** Sees another model than the checkpoint's. */
  static BackendProvider models(UnaryOperator<Checkpoint> spoil) {
    return new ProviderDecorator() {
      @Override
      public Backend open(Checkpoint checkpoint, BackendOptions options) {
        return super.open(spoil.apply(checkpoint), options);
      }
    };
  }

  /** Spoils the sessions of parts. */
  static BackendProvider parts(UnaryOperator<DecoderSession> spoil) {
    return new ProviderDecorator() {
      @Override
      public Backend open(Checkpoint checkpoint, LayerRange range, BackendOptions options) {
        return new BackendDecorator(super.open(checkpoint, range, options)) {
          @Override
          public DecoderSession openSession(CacheLayout layout) {
            return spoil.apply(super.openSession(layout));
          }
        };
      }
    };
  }

  /** Opens the layer before a part's first, too. */
  static BackendProvider overlapsParts() {
    return new ProviderDecorator() {
      @Override
      public Backend open(Checkpoint checkpoint, LayerRange range, BackendOptions options) {
        int first = range.first() > 1 ? range.first() - 1 : range.first();
        return super.open(checkpoint, new LayerRange(first, range.end(), range.total()), options);
      }
    };
  }

  /** Reads the weights when the first session opens. */
  static BackendProvider readsWeightsLate() {
    return new ProviderDecorator() {
      @Override
      public Backend open(Checkpoint checkpoint, BackendOptions options) {
        return new BackendDecorator(super.open(checkpoint, options)) {
          @Override
          public DecoderSession openSession(CacheLayout layout) {
            return BackendMutations.right().open(checkpoint, options).openSession(layout);
          }
        };
      }
    };
  }

  /** Claims every device. */
  static BackendProvider claimsEveryDevice() {
    return new ProviderDecorator() {
      @Override
      public Support supports(Device device) {
        return Support.yes();
      }
    };
  }

  /** Claims every precision of the KV cache, and holds it in FP32. */
  static BackendProvider forgetsTheCache() {
    return new ProviderDecorator() {
      @Override
      public Support supportsCache(Device device, Precision precision, Precision cache) {
        return Support.yes();
      }

      @Override
      public Backend open(Checkpoint checkpoint, BackendOptions options) {
        return super.open(checkpoint, options.withCachePrecision(Precision.AUTO));
      }
    };
  }

  /** Says which precisions of the KV cache it has not, and opens all the same. */
  static BackendProvider opensAnyCache() {
    return new ProviderDecorator() {
      @Override
      public Backend open(Checkpoint checkpoint, BackendOptions options) {
        return super.open(checkpoint, options.withCachePrecision(Precision.AUTO));
      }
    };
  }

  /** Opens on the CPU whatever device was asked for. */
  static BackendProvider fallsBackToCpu() {
    return new ProviderDecorator() {
      @Override
      public Backend open(Checkpoint checkpoint, BackendOptions options) {
        return super.open(
            checkpoint, new BackendOptions(Device.cpu(), options.precision(), options.threads()));
      }
    };
  }

  /** Says FP32 whatever was requested. */
  static Backend forgetsTheRequest(Backend right) {
    return new BackendDecorator(right) {
      @Override
      public EffectivePrecision precision() {
        return EffectivePrecision.asRequested(Precision.FP32);
      }
    };
  }

  /** Gives every caller the same session. */
  static Backend sharesOneSession(Backend right) {
    List<DecoderSession> sessions = new ArrayList<>();
    return new BackendDecorator(right) {
      @Override
      public DecoderSession openSession(CacheLayout layout) {
        if (sessions.isEmpty()) {
          sessions.add(super.openSession(layout));
        }
        return sessions.get(0);
      }
    };
  }

  /** Closes the sessions, the live ones too, when it should give back what is unused. */
  static Backend emptiesTooMuch(Backend right) {
    List<DecoderSession> sessions = new ArrayList<>();
    return new BackendDecorator(right) {
      @Override
      public DecoderSession openSession(CacheLayout layout) {
        DecoderSession session = super.openSession(layout);
        sessions.add(session);
        return session;
      }

      @Override
      public void emptyCache() {
        sessions.forEach(session -> session.copySlot(7, 2, 0));
      }
    };
  }

  /** Fails where it was closed before. */
  static Backend closesOnlyOnce(Backend right) {
    return new BackendDecorator(right) {
      private boolean closed;

      @Override
      public void close() {
        if (closed) {
          throw new IllegalStateException("closed");
        }
        closed = true;
        super.close();
      }
    };
  }

  /** Tells of its weights only. */
  static Backend countsNoCache(Backend right) {
    return new BackendDecorator(right) {
      @Override
      public OwnedMemory ownedMemory() {
        return new OwnedMemory(super.ownedMemory().weightBytes(), 0, 0, 0);
      }
    };
  }

  /** Never gives its bytes back. */
  static Backend leaksBytes(Backend right) {
    return new BackendDecorator(right) {
      @Override
      public long allocatedBytes() {
        return super.allocatedBytes() + 1;
      }
    };
  }
}
