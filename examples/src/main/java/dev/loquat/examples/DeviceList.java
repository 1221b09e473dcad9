package dev.loquat.examples;

import dev.loquat.Loquat;

/** Lists the devices of this machine and why a backend can or can't use each. */
public final class DeviceList {

  private DeviceList() {}

  /**
   * Runs the example.
   *
   * @param args none
   */
  public static void main(String[] args) {
    System.out.print(Loquat.devices().table());
  }
}
