package dev.loquat;

import dev.loquat.backend.Support;
import dev.loquat.device.AbsentDevice;
import dev.loquat.device.ByteFormat;
import dev.loquat.device.DeviceInfo;
import java.util.List;
import java.util.Map;

/**
 * The devices of this machine, what the backends on the path say of each, and the kinds that were
 * searched for in vain.
 *
 * @param found the devices there are
 * @param absent the kinds there are none of, each with the missing piece
 */
public record Devices(List<DeviceReport> found, List<AbsentDevice> absent) {
  /** Copies the lists. */
  public Devices {
    found = List.copyOf(found);
    absent = List.copyOf(absent);
  }

  /**
   * The report as text: a line for each device, below it one for each backend, then the absent
   * kinds.
   *
   * @return lines that end with a line feed
   */
  public String table() {
    StringBuilder table = new StringBuilder();
    found.forEach(report -> append(table, report));
    absent.forEach(
        kind -> table.append(String.format("%-8s none: %s%n", kind.kind(), kind.reason())));
    return table.toString().replace("\r\n", "\n");
  }

  private static void append(StringBuilder table, DeviceReport report) {
    DeviceInfo info = report.info();
    table.append(
        String.format(
            "%-8s %s, %s total, %s free%n",
            info.device(),
            info.name(),
            ByteFormat.text(info.totalBytes()),
            ByteFormat.text(info.freeBytes())));
    for (Map.Entry<String, Support> answer : report.backends().entrySet()) {
      table.append(String.format("           %s: %s%n", answer.getKey(), text(answer.getValue())));
    }
    if (report.backends().isEmpty()) {
      table.append(String.format("           no backend is on the path%n"));
    }
  }

  private static String text(Support support) {
    return support instanceof Support.Unsupported no ? "no: " + no.reason() : "yes";
  }
}
