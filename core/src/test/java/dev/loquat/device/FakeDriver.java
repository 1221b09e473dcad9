package dev.loquat.device;

import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/** A driver in Java that answers as a test tells it to. */
final class FakeDriver implements SharedLibrary {
  private final Map<String, ToIntFunction<Object[]>> functions = new HashMap<>();

  /** A CUDA driver with one GPU of 8,000 bytes. */
  static FakeDriver cuda() {
    return new FakeDriver()
        .returning("cuInit", 0)
        .count("cuDeviceGetCount", 1)
        .count("cuDeviceGet", 0)
        .text("cuDeviceGetName", "GeForce")
        .bytes("cuDeviceTotalMem_v2", 8_000)
        .returning("cuDeviceGetUuid_v2", 0);
  }

  /** A HIP runtime with one GPU of 9,000 bytes at 0000:C3:00.0. */
  static FakeDriver hip() {
    return new FakeDriver()
        .returning("hipInit", 0)
        .count("hipGetDeviceCount", 1)
        .count("hipDeviceGet", 0)
        .text("hipDeviceGetName", "AMD Instinct MI300X")
        .bytes("hipDeviceTotalMem", 9_000)
        .text("hipDeviceGetPCIBusId", "0000:C3:00.0");
  }

  FakeDriver on(String function, ToIntFunction<Object[]> body) {
    functions.put(function, body);
    return this;
  }

  FakeDriver returning(String function, int status) {
    return on(function, arguments -> status);
  }

  FakeDriver count(String function, int count) {
    return on(
        function,
        arguments -> {
          ((IntByReference) arguments[0]).setValue(count);
          return 0;
        });
  }

  FakeDriver bytes(String function, long bytes) {
    return on(
        function,
        arguments -> {
          ((LongByReference) arguments[0]).setValue(bytes);
          return 0;
        });
  }

  FakeDriver text(String function, String text) {
    return on(
        function,
        arguments -> {
          byte[] buffer = (byte[]) arguments[0];
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          System.arraycopy(bytes, 0, buffer, 0, Math.min(bytes.length, buffer.length));
          return 0;
        });
  }

  @Override
  public int call(String function, Object... arguments) throws DriverException {
    ToIntFunction<Object[]> body = functions.get(function);
    if (body == null) {
      throw new DriverException("the fake has no function " + function);
    }
    return body.applyAsInt(arguments);
  }
}
