package dev.loquat.device;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads macOS's kernel variables, as {@code man 3 sysctlbyname} describes. */
final class Sysctl {
  private static final int TEXT_BYTES = 256;

  private Sysctl() {}

  /** The text of a variable; empty if the kernel has none. */
  static Optional<String> text(Machine machine, String variable) {
    byte[] text = new byte[TEXT_BYTES];
    LongByReference length = new LongByReference(text.length);
    try {
      SharedLibrary system = machine.libraries().load("System");
      int status = system.call("sysctlbyname", variable, text, length, Pointer.NULL, 0L);
      return status == 0 ? Optional.of(decode(text, length.getValue())) : Optional.empty();
    } catch (LibraryNotFoundException | DriverException e) {
      return Optional.empty();
    }
  }

  // The length counts the NUL that ends the text.
  private static String decode(byte[] text, long length) {
    int characters = (int) Math.max(0, Math.min(length - 1, text.length));
    return new String(text, 0, characters, StandardCharsets.UTF_8).strip();
  }
}
