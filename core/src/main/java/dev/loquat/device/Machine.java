package dev.loquat.device;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * What a search may look at.
 *
 * @param osName the operating system, as the property {@code os.name} has it
 * @param architecture the processor's, as the property {@code os.arch} has it
 * @param root the folder that holds {@code proc} and {@code sys}
 * @param environment the environment variables
 * @param libraries opens drivers and system libraries
 */
record Machine(
    String osName,
    String architecture,
    Path root,
    Map<String, String> environment,
    LibraryLoader libraries) {

  static Machine current() {
    return new Machine(
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Path.of("/"),
        System.getenv(),
        JnaLibrary::load);
  }

  boolean isLinux() {
    return osName.equals("Linux");
  }

  boolean isMac() {
    return osName.startsWith("Mac");
  }

  boolean isWindows() {
    return osName.toLowerCase(Locale.ROOT).startsWith("windows");
  }

  boolean isAppleSilicon() {
    return isMac() && architecture.equals("aarch64");
  }

  /** Says that an environment variable hides devices, or says nothing where it isn't set. */
  String mention(String variable) {
    String value = environment.get(variable);
    return value == null ? "" : "; " + variable + " is '" + value + "'";
  }

  @Override
  public String toString() {
    return osName + " " + architecture;
  }
}
