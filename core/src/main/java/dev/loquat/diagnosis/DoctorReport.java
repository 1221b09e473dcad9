package dev.loquat.diagnosis;

import java.util.List;
import java.util.Objects;

/**
 * Every device of this machine, what is known of it, and which backend can use it; for what can't
 * be used, the missing piece and the artifact or library that brings it. Immutable.
 *
 * @param system the operating system and the Java that runs this, such as "Linux 6.8 amd64, Java
 *     17.0.12"
 * @param devices the devices there are, GPUs first
 * @param absent the kinds there are none of
 * @param verifications what backends computed on devices; none if that was not tried
 */
public record DoctorReport(
    String system,
    List<DeviceDiagnosis> devices,
    List<KindDiagnosis> absent,
    List<Verification> verifications) {

  /** Copies the lists. */
  public DoctorReport {
    Objects.requireNonNull(system, "system");
    devices = List.copyOf(devices);
    absent = List.copyOf(absent);
    verifications = List.copyOf(verifications);
  }

  /**
   * The same report with what backends computed.
   *
   * @param more what was verified, in place of what the report has of it
   * @return the report
   */
  public DoctorReport withVerifications(List<Verification> more) {
    return new DoctorReport(system, devices, absent, more);
  }

  /**
   * Prints the report as text: each device with a line for each thing known and for each backend,
   * then the absent kinds with a line for each backend.
   *
   * @return lines separated by {@code \n}, the last without one
   */
  public String text() {
    return DoctorText.print(this);
  }

  /**
   * Prints the report as a JSON object; unknown numbers and texts are missing.
   *
   * @return one line
   */
  public String json() {
    return DoctorJson.print(this);
  }
}
