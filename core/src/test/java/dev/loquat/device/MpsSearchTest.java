package dev.loquat.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.ptr.LongByReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MpsSearchTest {
  @TempDir private Path root;

  @ParameterizedTest
  @CsvSource({"Linux, amd64", "Linux, aarch64", "Mac OS X, x86_64", "Windows 11, aarch64"})
  void isAbsentElsewhere(String osName, String architecture) {
    Machine machine =
        new Machine(
            osName, architecture, root, Map.of(), FakeMachine.linux(root).machine().libraries());
    assertThatThrownBy(() -> new MpsSearch(machine).search())
        .hasMessage("not macOS on Apple silicon (this is " + osName + " " + architecture + ")");
  }

  @Test
  void isNamedByTheKernel() throws DriverException {
    FakeDriver system = new FakeDriver().on("sysctlbyname", a -> answer(a, "Apple M2 Max"));
    assertThat(found(FakeMachine.mac(root).library("System", system)).name())
        .isEqualTo("Apple M2 Max");
  }

  @Test
  void isNamedByTheArchitectureWhereTheKernelIsSilent() throws DriverException {
    FakeDriver system = new FakeDriver().returning("sysctlbyname", -1);
    assertThat(found(FakeMachine.mac(root).library("System", system)).name()).isEqualTo("aarch64");
  }

  @Test
  void readsNoMoreThanTheKernelWrote() throws DriverException {
    FakeDriver system = new FakeDriver().on("sysctlbyname", a -> lengthOnly(a, 1L << 40));
    assertThat(found(FakeMachine.mac(root).library("System", system)).name()).isNotNull();
  }

  @Test
  void sharesTheMemoryOfTheMachine() throws DriverException {
    DeviceInfo found = found(FakeMachine.mac(root));
    assertThat(found.device()).isEqualTo(Device.mps());
    assertThat(found.totalBytes()).isPositive();
    assertThat(found.freeBytes()).isBetween(0L, found.totalBytes());
  }

  private static DeviceInfo found(FakeMachine machine) throws DriverException {
    return new MpsSearch(machine.machine()).search().get(0);
  }

  private static int answer(Object[] arguments, String text) {
    assertThat(arguments[0]).isEqualTo("machdep.cpu.brand_string");
    byte[] bytes = (text + '\0').getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, (byte[]) arguments[1], 0, bytes.length);
    return lengthOnly(arguments, bytes.length);
  }

  private static int lengthOnly(Object[] arguments, long length) {
    ((LongByReference) arguments[2]).setValue(length);
    return 0;
  }
}
