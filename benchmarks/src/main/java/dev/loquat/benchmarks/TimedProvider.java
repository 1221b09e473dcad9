package dev.loquat.benchmarks;

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
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** Another backend with a clock at its steps; never chosen unasked. */
public final class TimedProvider implements BackendProvider {
  static final String NAME = "timed";

  /** Static, since the service loader makes the provider; a process measures one backend. */
  private static final AtomicReference<Target> TARGET = new AtomicReference<>();

  /** Created by the service loader. */
  public TimedProvider() {}

  /** Sets what models of this backend run in, and which clock notes their steps. */
  static void measure(BackendProvider real, StepClock clock) {
    TARGET.set(new Target(real, clock));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int priority(Device device) {
    return Integer.MIN_VALUE;
  }

  @Override
  public Support supports(Device device) {
    Target target = TARGET.get();
    return target == null ? Support.no("nothing is measured") : target.real().supports(device);
  }

  @Override
  public Support supports(ModelConfig model, Device device, Precision precision) {
    return target().real().supports(model, device, precision);
  }

  @Override
  public Support supportsCache(Device device, Precision precision, Precision cache) {
    return target().real().supportsCache(device, precision, cache);
  }

  @Override
  public MemoryEstimate estimate(Checkpoint checkpoint, BackendOptions options, PlannedUse use) {
    return target().real().estimate(checkpoint, options, use);
  }

  @Override
  public Backend open(Checkpoint checkpoint, BackendOptions options) {
    Target target = target();
    return new TimedBackend(target.real().open(checkpoint, options), target.clock());
  }

  private static Target target() {
    return Objects.requireNonNull(TARGET.get(), "measure() was not called");
  }

  private record Target(BackendProvider real, StepClock clock) {}
}
