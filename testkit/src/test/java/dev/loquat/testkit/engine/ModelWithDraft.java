package dev.loquat.testkit.engine;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.backend.PlannedUse;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;

/**
 * Opens models of one layer with one backend and draft models, which have two, with another.
 *
 * @param model the backend of models
 * @param draft the backend of draft models
 */
record ModelWithDraft(BackendProvider model, BackendProvider draft) implements BackendProvider {
  static final int DRAFT_LAYERS = 2;

  @Override
  public String name() {
    return model.name();
  }

  @Override
  public int priority(Device device) {
    return model.priority(device);
  }

  @Override
  public Support supports(Device device) {
    return model.supports(device);
  }

  @Override
  public Support supports(ModelConfig config, Device device, Precision precision) {
    return of(config).supports(config, device, precision);
  }

  @Override
  public MemoryEstimate estimate(Checkpoint checkpoint, BackendOptions options, PlannedUse use) {
    return of(checkpoint.config()).estimate(checkpoint, options, use);
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    return of(checkpoint.config()).open(checkpoint, options);
  }

  private BackendProvider of(ModelConfig config) {
    return config.layers().size() == DRAFT_LAYERS ? draft : model;
  }
}
