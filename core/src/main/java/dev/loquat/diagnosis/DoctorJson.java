package dev.loquat.diagnosis;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.backend.Support;
import dev.loquat.device.CpuDetails;
import dev.loquat.device.DeviceDetails;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.GpuDetails;
import java.util.Locale;
import java.util.Map;

/** Prints a report of the doctor as JSON. */
final class DoctorJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private DoctorJson() {}

  static String print(DoctorReport report) {
    ObjectNode json = MAPPER.createObjectNode().put("system", report.system());
    var devices = json.putArray("devices");
    report.devices().forEach(device -> put(devices.addObject(), device));
    var absent = json.putArray("absent");
    report.absent().forEach(kind -> put(absent.addObject(), kind));
    if (!report.verifications().isEmpty()) {
      var verifications = json.putArray("verifications");
      report.verifications().forEach(one -> put(verifications.addObject(), one));
    }
    return json.toString();
  }

  private static void put(ObjectNode json, DeviceDiagnosis device) {
    DeviceInfo info = device.info();
    json.put("device", info.device().toString()).put("name", info.name());
    put(json, "totalBytes", info.totalBytes());
    put(json, "freeBytes", info.freeBytes());
    device.details().ifPresent(details -> put(json, details));
    device.problem().ifPresent(problem -> json.put("problem", problem));
    put(json, device.backends());
  }

  private static void put(ObjectNode json, KindDiagnosis kind) {
    json.put("kind", kind.absent().kind().name().toLowerCase(Locale.ROOT))
        .put("reason", kind.absent().reason());
    put(json, kind.backends());
  }

  private static void put(ObjectNode json, DeviceDetails details) {
    if (details instanceof GpuDetails gpu) {
      putGpu(json, gpu);
    } else if (details instanceof CpuDetails cpu) {
      putCpu(json, cpu);
    }
  }

  private static void putGpu(ObjectNode json, GpuDetails gpu) {
    gpu.architecture().ifPresent(architecture -> json.put("architecture", architecture));
    gpu.driverVersion().ifPresent(version -> json.put("driverVersion", version));
    gpu.apiVersion().ifPresent(version -> json.put("apiVersion", version));
    gpu.runtimeVersion().ifPresent(version -> json.put("runtimeVersion", version));
    json.put("sharing", gpu.sharing().name().toLowerCase(Locale.ROOT));
    gpu.utilizationPercent().ifPresent(percent -> json.put("utilizationPercent", percent));
    var processes = json.putArray("processes");
    gpu.processes()
        .forEach(
            process ->
                put(processes.addObject().put("pid", process.pid()), "bytes", process.bytes()));
    json.put("otherProcessesBytes", gpu.otherProcessesBytes());
    gpu.gaps().forEach(json.putArray("gaps")::add);
  }

  private static void putCpu(ObjectNode json, CpuDetails cpu) {
    json.put("architecture", cpu.architecture());
    cpu.features().forEach(json.putArray("features")::add);
    json.put("physicalCores", cpu.physicalCores()).put("logicalCores", cpu.logicalCores());
    cpu.cpuQuota().ifPresent(quota -> json.put("cpuQuota", quota));
    cpu.memoryLimitBytes().ifPresent(bytes -> json.put("memoryLimitBytes", bytes));
  }

  private static void put(ObjectNode json, Verification verification) {
    json.put("device", verification.device().toString()).put("backend", verification.backend());
    if (verification instanceof Verification.Computed computed) {
      json.put("outcome", computed.isRight() ? "right" : "wrong")
          .put("maxDifference", computed.maxDifference())
          .put("tolerance", computed.tolerance())
          .put("seconds", computed.took().toNanos() / 1e9);
    } else if (verification instanceof Verification.Failed failed) {
      json.put("outcome", "failed")
          .put("error", failed.cause().getClass().getSimpleName())
          .put("reason", failed.cause().getMessage());
    } else if (verification instanceof Verification.Unusable unusable) {
      json.put("outcome", "unusable").put("reason", unusable.reason());
    }
  }

  private static void put(ObjectNode json, Map<String, Support> backends) {
    ObjectNode answers = json.putObject("backends");
    backends.forEach(
        (name, answer) -> {
          ObjectNode told = answers.putObject(name);
          told.put("usable", answer instanceof Support.Supported);
          if (answer instanceof Support.Unsupported no) {
            told.put("reason", no.reason());
          }
        });
  }

  private static void put(ObjectNode json, String name, long bytes) {
    if (bytes != DeviceInfo.UNKNOWN) {
      json.put(name, bytes);
    }
  }
}
