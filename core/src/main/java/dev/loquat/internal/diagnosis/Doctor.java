package dev.loquat.internal.diagnosis;

import dev.loquat.backend.Support;
import dev.loquat.device.AbsentDevice;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceCondition;
import dev.loquat.device.DeviceDetails;
import dev.loquat.device.DeviceDiscovery;
import dev.loquat.device.DeviceInfo;
import dev.loquat.diagnosis.DeviceDiagnosis;
import dev.loquat.diagnosis.DoctorReport;
import dev.loquat.diagnosis.KindDiagnosis;
import dev.loquat.internal.discovery.BackendRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Examines this machine.
 *
 * @param machine what was found of devices
 * @param backends the backends on the path
 */
public record Doctor(DeviceDiscovery machine, BackendRegistry backends) {

  /**
   * Asks every driver and every backend.
   *
   * @return the report
   */
  public DoctorReport examine() {
    return new DoctorReport(
        system(),
        machine.found().stream().map(this::examine).toList(),
        machine.absent().stream().map(this::examine).toList(),
        List.of());
  }

  private DeviceDiagnosis examine(DeviceInfo info) {
    Optional<DeviceDetails> details = DeviceDiscovery.details(info.device());
    Optional<String> problem =
        DeviceCondition.problem(info, details).map(failure -> String.valueOf(failure.getMessage()));
    return new DeviceDiagnosis(info, details, problem, answers(info.device()));
  }

  private KindDiagnosis examine(AbsentDevice absent) {
    return new KindDiagnosis(absent, answers(new Device(absent.kind(), 0)));
  }

  private Map<String, Support> answers(Device device) {
    Map<String, Support> answers = new TreeMap<>(backends.supports(device));
    backends
        .missing()
        .forEach(
            (name, artifact) -> answers.put(name, Support.no("add the dependency " + artifact)));
    return answers;
  }

  private static String system() {
    return System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + " "
        + System.getProperty("os.arch")
        + ", Java "
        + System.getProperty("java.version");
  }
}
