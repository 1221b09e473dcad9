package dev.loquat.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceMemoryTest {
  @TempDir private Path root;

  @Test
  void asksAnewAtEachCall() throws IOException {
    FakeMachine machine = FakeMachine.linux(root).file("proc/meminfo", "MemAvailable: 3 kB\n");
    DeviceMemory memory = new DeviceMemory(machine.machine());
    assertThat(memory.freeBytes(Device.cpu())).isEqualTo(3 * 1024);
    machine.file("proc/meminfo", "MemAvailable: 2 kB\n");
    assertThat(memory.freeBytes(Device.cpu())).isEqualTo(2 * 1024);
  }

  @Test
  void isUnknownOfDevicesThatAreNotThere() {
    DeviceMemory memory = new DeviceMemory(FakeMachine.linux(root).machine());
    assertThat(memory.freeBytes(Device.cuda(0))).isEqualTo(DeviceInfo.UNKNOWN);
    assertThat(memory.freeBytes(Device.rocm(5))).isEqualTo(DeviceInfo.UNKNOWN);
    assertThat(memory.freeBytes(Device.mps())).isEqualTo(DeviceInfo.UNKNOWN);
  }

  @Test
  void knowsTheFreeMemoryOfThisMachine() {
    assertThat(new DeviceMemory().freeBytes(Device.cpu())).isPositive();
  }
}
