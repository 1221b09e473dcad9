package dev.loquat.device;

import com.sun.jna.ptr.IntByReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Asks the HIP runtime and Linux's amdgpu driver what they tell of one GPU. */
final class RocmInspection {

  private RocmInspection() {}

  static GpuDetails of(Machine machine, Driver runtime, String busId) {
    Gaps gaps = new Gaps();
    Optional<String> runtimeVersion = gaps.ask("HIP version", () -> runtimeVersion(runtime));
    Optional<KfdNode> node =
        gaps.ask("architecture, processes", () -> KfdNode.at(machine.root(), busId));
    Optional<Integer> busy = gaps.ask("utilization", () -> busy(machine.root(), busId));
    Path version = machine.root().resolve("sys/module/amdgpu/version");
    return new GpuDetails(
        node.map(KfdNode::architecture),
        SystemFile.line(version, line -> true).map(String::strip),
        Optional.empty(),
        runtimeVersion,
        GpuSharing.SHARED,
        busy.map(OptionalInt::of).orElseGet(OptionalInt::empty),
        node.map(KfdNode::processes).orElse(List.of()),
        gaps.reasons());
  }

  // HIP tells 10,000,000 times the major plus 100,000 times the minor plus the patch.
  private static String runtimeVersion(Driver runtime) throws DriverException {
    IntByReference version = new IntByReference();
    runtime.call("hipRuntimeGetVersion", version);
    int number = version.getValue();
    return number / 10_000_000 + "." + number / 100_000 % 100 + "." + number % 100_000;
  }

  private static int busy(Path root, String busId) throws DriverException {
    long percent = AmdGpu.number(root, busId, "gpu_busy_percent");
    if (percent < 0 || percent > 100) {
      throw new DriverException("the kernel's gpu_busy_percent is not told");
    }
    return (int) percent;
  }
}
