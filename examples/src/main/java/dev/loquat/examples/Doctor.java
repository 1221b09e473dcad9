package dev.loquat.examples;

import dev.loquat.Loquat;
import dev.loquat.device.Device;
import dev.loquat.diagnosis.DoctorReport;
import dev.loquat.diagnosis.Verification;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Examines this machine: its devices, what each backend lacks, and whether they compute. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description =
        "Prints every device and what each backend lacks to use it. Ends with 1 if something that"
            + " was verified is wrong or fails.")
public final class Doctor implements Callable<Integer> {
  private final PrintStream out;

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  @Option(names = "--verify", description = "have each backend compute on each device, too")
  private boolean verify;

  Doctor(PrintStream out) {
    this.out = out;
  }

  /**
   * Runs the example.
   *
   * @param args the options
   */
  public static void main(String[] args) {
    System.exit(ShortErrors.commandLine(new Doctor(System.out)).execute(args));
  }

  @Override
  public Integer call() {
    DoctorReport report = Loquat.doctor();
    if (verify) {
      report = report.withVerifications(verified(report));
    }
    out.println(json ? report.json() : report.text());
    return report.verifications().stream().allMatch(Doctor::isRightOrUnusable) ? 0 : 1;
  }

  private static List<Verification> verified(DoctorReport report) {
    return report.devices().stream()
        .map(found -> found.info().device())
        .flatMap((Device device) -> Loquat.verify(device).stream())
        .toList();
  }

  private static boolean isRightOrUnusable(Verification verification) {
    return verification instanceof Verification.Unusable
        || (verification instanceof Verification.Computed computed && computed.isRight());
  }
}
