package dev.loquat.device;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.util.Map;
import java.util.Objects;

/** A native library opened through JNA. */
final class JnaLibrary implements SharedLibrary {
  // A driver may run threads of its own, so its code must stay mapped after JNA drops the handle.
  // RTLD_LAZY | RTLD_NODELETE of <dlfcn.h>; no RTLD_GLOBAL, so that no other library sees it.
  private static final int LINUX_OPEN_FLAGS = 0x1 | 0x1000;

  private final NativeLibrary library;

  private JnaLibrary(NativeLibrary library) {
    this.library = library;
  }

  static SharedLibrary load(String name) throws LibraryNotFoundException, DriverException {
    try {
      return new JnaLibrary(NativeLibrary.getInstance(name, options()));
    } catch (LinkageError e) {
      String cause = loaderMessage(e);
      if (saysNotFound(cause, name)) {
        throw new LibraryNotFoundException(name);
      }
      throw new DriverException(name + " cannot be loaded: " + cause, e);
    }
  }

  @Override
  public int call(String function, Object... arguments) throws DriverException {
    try {
      return library.getFunction(function).invokeInt(arguments);
    } catch (UnsatisfiedLinkError e) {
      throw new DriverException(library.getName() + " has no function " + function, e);
    }
  }

  private static Map<String, Object> options() {
    return Platform.isLinux() ? Map.of(Library.OPTION_OPEN_FLAGS, LINUX_OPEN_FLAGS) : Map.of();
  }

  // JNA puts the system loader's own words into the first suppressed error.
  private static String loaderMessage(LinkageError error) {
    Throwable[] attempts = error.getSuppressed();
    Throwable first = attempts.length == 0 ? error : attempts[0];
    return Objects.requireNonNullElse(first.getMessage(), first.toString()).strip();
  }

  private static boolean saysNotFound(String message, String name) {
    return message.startsWith(name + ": cannot open shared object file: No such file")
        || message.startsWith("Error loading shared library " + name + ": No such file")
        || message.contains("specified module could not be found");
  }
}
