package dev.loquat.internal.planning;

import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.HalfPrecision;
import dev.loquat.backend.MemoryEstimate;
import dev.loquat.backend.PlannedUse;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.internal.discovery.BackendChoice;
import dev.loquat.memory.DeviceShare;
import dev.loquat.memory.HostShare;
import dev.loquat.memory.MemoryNeed;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Asks backends what a checkpoint needs, and the machine what there is, each device once. */
final class NeedEstimator {
  private final Checkpoint checkpoint;
  private final HalfPrecision half;
  private final ToLongFunction<Device> available;
  private final long processBytes;
  private final long runtimeBytes;
  private final int replicas;
  private final Map<Device, Long> asked = new HashMap<>();

  NeedEstimator(
      Checkpoint checkpoint,
      HalfPrecision half,
      ToLongFunction<Device> available,
      long processBytes,
      int replicas) {
    this.replicas = replicas;
    this.checkpoint = checkpoint;
    this.half = half;
    this.available = available;
    this.processBytes = Math.max(0, processBytes);
    runtimeBytes = RuntimeMemory.bytes(checkpoint.folder());
  }

  MemoryNeed need(BackendChoice choice, PlanTerms terms) {
    MemoryEstimate estimate =
        choice
            .provider()
            .estimate(
                checkpoint,
                options(choice.device(), terms),
                new PlannedUse(terms.layout(), terms.stepTokens()));
    return new MemoryNeed(
        choice.provider().name(),
        choice.device(),
        estimate.precision(),
        replicas,
        terms.layout().slots(),
        terms.layout().contextLength(),
        onDevice(estimate).times(replicas),
        onHost(estimate),
        asked.computeIfAbsent(choice.device(), available::applyAsLong));
  }

  private BackendOptions options(Device device, PlanTerms terms) {
    return new BackendOptions(device, terms.precision(), terms.threads(), terms.conversionCache())
        .withHalf(half)
        .withCachePrecision(terms.cachePrecision());
  }

  static DeviceShare onDevice(MemoryEstimate estimate) {
    return new DeviceShare(
        estimate.weightBytes(),
        estimate.cacheBytes(),
        estimate.steps().bytes(),
        estimate.loading().bytes());
  }

  private HostShare onHost(MemoryEstimate estimate) {
    return new HostShare(
        processBytes,
        runtimeBytes + estimate.codeBytes(),
        estimate.loading().mappedBytes(),
        estimate.steps().mappedBytes());
  }
}
