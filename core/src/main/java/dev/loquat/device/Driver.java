package dev.loquat.device;

import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/**
 * A GPU driver whose functions return 0 or an error code, as CUDA's, HIP's and NVML's do.
 *
 * <p>Believes nothing that it answers: counts, sizes and texts are checked.
 *
 * @param library the library to call
 * @param errors the words for an error code
 */
record Driver(SharedLibrary library, IntFunction<String> errors) {
  private static final int MAX_DEVICES = 1024;
  private static final int TEXT_BYTES = 256;

  void call(String function, Object... arguments) throws DriverException {
    int code = library.call(function, arguments);
    if (code != 0) {
      throw new DriverException(function + " failed with " + errors.apply(code));
    }
  }

  int deviceCount(String function) throws DriverException {
    IntByReference count = new IntByReference();
    call(function, count);
    int devices = count.getValue();
    if (devices < 0 || devices > MAX_DEVICES) {
      throw new DriverException(
          function + " gave " + devices + " devices; expected 0 to " + MAX_DEVICES);
    }
    if (devices == 0) {
      throw new DriverException(function + " gave 0 devices");
    }
    return devices;
  }

  int handle(String function, int index) throws DriverException {
    IntByReference handle = new IntByReference();
    call(function, handle, index);
    return handle.getValue();
  }

  String text(String function, int handle) throws DriverException {
    byte[] text = new byte[TEXT_BYTES];
    call(function, text, text.length, handle);
    for (int length = 0; length < text.length; length++) {
      if (text[length] == 0) {
        return new String(text, 0, length, StandardCharsets.UTF_8).strip();
      }
    }
    throw new DriverException(function + " gave a text without end in " + TEXT_BYTES + " bytes");
  }

  long bytes(String function, int handle) throws DriverException {
    LongByReference bytes = new LongByReference();
    call(function, bytes, handle);
    if (bytes.getValue() < 0) {
      throw new DriverException(
          function + " gave " + Long.toUnsignedString(bytes.getValue()) + " bytes");
    }
    return bytes.getValue();
  }
}
