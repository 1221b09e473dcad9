package dev.loquat.testkit.pipeline;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.LayerSpan;
import dev.loquat.device.Precision;
import dev.loquat.internal.pipeline.PipelineProvider;
import dev.loquat.internal.pipeline.PlannedStage;
import dev.loquat.testkit.reference.ReferenceBackendProvider;
import java.util.List;
import java.util.stream.IntStream;

/** The backend "pipelined": the reference with each layer in a stage of its own. */
public final class PipelinedProvider implements BackendProvider {
  private static final int MICRO_BATCHES = 3;

  private final BackendProvider reference = new ReferenceBackendProvider();

  /** Created by the service loader. */
  public PipelinedProvider() {}

  @Override
  public String name() {
    return "pipelined";
  }

  @Override
  public int priority(Device device) {
    return Integer.MIN_VALUE;
  }

  @Override
  public Support supports(Device device) {
    return reference.supports(device);
  }

  @Override
  public Support supports(ModelConfig model, Device device, Precision precision) {
    return reference.supports(model, device, precision);
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    int layers = checkpoint.config().layers().size();
    List<PlannedStage> stages =
        IntStream.range(0, layers)
            .mapToObj(
                layer ->
                    new PlannedStage(
                        LayerSpan.of(layer, layer + 1), options.device(), options.ledger()))
            .toList();
    return new PipelineProvider(reference, stages, MICRO_BATCHES, 1).open(checkpoint, options);
  }
}
