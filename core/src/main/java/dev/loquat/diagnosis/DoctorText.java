package dev.loquat.diagnosis;

import dev.loquat.backend.Support;
import dev.loquat.device.ByteFormat;
import dev.loquat.device.CpuDetails;
import dev.loquat.device.DeviceDetails;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.GpuDetails;
import dev.loquat.device.GpuSharing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints a report of the doctor as text. */
final class DoctorText {
  private final List<String> lines = new ArrayList<>();

  private DoctorText() {}

  static String print(DoctorReport report) {
    DoctorText text = new DoctorText();
    text.lines.add(report.system());
    report.devices().forEach(text::add);
    report.absent().forEach(text::add);
    report.verifications().forEach(text::add);
    return String.join("\n", text.lines);
  }

  private void add(DeviceDiagnosis device) {
    DeviceInfo info = device.info();
    lines.add(
        String.format(
            Locale.ROOT,
            "%-8s %s, %s total, %s free",
            info.device(),
            info.name(),
            ByteFormat.text(info.totalBytes()),
            ByteFormat.text(info.freeBytes())));
    device.details().ifPresent(this::add);
    device.problem().ifPresent(problem -> line("problem", problem));
    add(device.backends());
  }

  private void add(KindDiagnosis kind) {
    lines.add(
        String.format(
            Locale.ROOT, "%-8s none: %s", kind.absent().kind(), oneLine(kind.absent().reason())));
    add(kind.backends());
  }

  private void add(Verification verification) {
    lines.add(
        String.format(
            Locale.ROOT,
            "%-8s verified with %s: %s",
            verification.device(),
            verification.backend(),
            oneLine(outcome(verification))));
  }

  private static String outcome(Verification verification) {
    if (verification instanceof Verification.Computed computed) {
      return String.format(
          Locale.ROOT,
          "%s, greatest difference %.1e of %.1e, %d ms",
          computed.isRight() ? "right" : "wrong",
          computed.maxDifference(),
          computed.tolerance(),
          computed.took().toMillis());
    }
    return verification instanceof Verification.Failed failed
        ? "failed: " + failed.cause().getMessage()
        : "not tried: " + ((Verification.Unusable) verification).reason();
  }

  private void add(Map<String, Support> backends) {
    backends.forEach((name, answer) -> line(name, words(answer)));
  }

  private void add(DeviceDetails details) {
    if (details instanceof GpuDetails gpu) {
      addGpu(gpu);
    } else if (details instanceof CpuDetails cpu) {
      addCpu(cpu);
    }
  }

  private void addGpu(GpuDetails gpu) {
    gpu.architecture().ifPresent(architecture -> line("architecture", architecture));
    gpu.driverVersion().ifPresent(version -> line("driver", version));
    gpu.apiVersion().ifPresent(version -> line("driver runs", "CUDA up to " + version));
    gpu.runtimeVersion().ifPresent(version -> line("runtime", version));
    gpu.utilizationPercent().ifPresent(percent -> line("utilization", percent + " %"));
    if (gpu.sharing() != GpuSharing.SHARED) {
      line("compute mode", gpu.sharing().name().toLowerCase(Locale.ROOT));
    }
    if (!gpu.otherProcesses().isEmpty()) {
      line("others", others(gpu));
    }
    gpu.gaps().forEach(gap -> line("unknown", gap));
  }

  private static String others(GpuDetails gpu) {
    return gpu.otherProcesses().size()
        + " processes hold "
        + ByteFormat.text(gpu.otherProcessesBytes());
  }

  private void addCpu(CpuDetails cpu) {
    line("architecture", cpu.architecture() + " " + String.join(" ", cpu.features()));
    line("cores", cpu.physicalCores() + ", " + cpu.logicalCores() + " threads for this process");
    cpu.cpuQuota().ifPresent(quota -> line("quota", quota + " processors' time"));
    cpu.memoryLimitBytes().ifPresent(bytes -> line("limit", ByteFormat.text(bytes)));
  }

  private void line(String name, String value) {
    lines.add("           " + name + ": " + oneLine(value));
  }

  private static String words(Support answer) {
    return answer instanceof Support.Unsupported no ? "no: " + no.reason() : "yes";
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
