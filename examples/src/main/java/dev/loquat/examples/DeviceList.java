package dev.loquat.examples;

import dev.loquat.Loquat;
import picocli.CommandLine.Command;

/** Lists the devices of this machine and why a backend can or can't use each. */
@Command(name = "devices", mixinStandardHelpOptions = true)
public final class DeviceList implements Runnable {

  private DeviceList() {}

  /**
   * Runs the example.
   *
   * @param args none
   */
  public static void main(String[] args) {
    System.exit(ShortErrors.commandLine(new DeviceList()).execute(args));
  }

  @Override
  public void run() {
    System.out.print(Loquat.devices().table());
  }
}
