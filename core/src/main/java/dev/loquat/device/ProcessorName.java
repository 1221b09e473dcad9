package dev.loquat.device;

import java.util.Optional;

/** The name of the machine's processor; its architecture where nothing tells the name. */
final class ProcessorName {

  private ProcessorName() {}

  static String of(Machine machine) {
    return told(machine).filter(name -> !name.isBlank()).orElse(machine.architecture());
  }

  private static Optional<String> told(Machine machine) {
    if (machine.isLinux()) {
      return linux(machine);
    }
    return machine.isMac()
        ? Sysctl.text(machine, "machdep.cpu.brand_string")
        : Optional.ofNullable(machine.environment().get("PROCESSOR_IDENTIFIER"));
  }

  private static Optional<String> linux(Machine machine) {
    return SystemFile.line(
            machine.root().resolve("proc/cpuinfo"), line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip());
  }
}
