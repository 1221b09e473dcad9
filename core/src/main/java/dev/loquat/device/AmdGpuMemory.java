package dev.loquat.device;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/** The memory of an AMD GPU as Linux's amdgpu driver tells it in sysfs. */
final class AmdGpuMemory {
  private static final Pattern BUS_ID =
      Pattern.compile("\\p{XDigit}{4,8}:\\p{XDigit}{2}:\\p{XDigit}{2}\\.\\d");

  private AmdGpuMemory() {}

  /**
   * Reads a GPU's free memory.
   *
   * @param root the folder that holds {@code sys}
   * @param busId where the GPU is, such as "0000:03:00.0"
   * @return bytes; {@link DeviceInfo#UNKNOWN} if the kernel doesn't tell
   */
  static long freeBytes(Path root, String busId) {
    if (!BUS_ID.matcher(busId).matches()) {
      return DeviceInfo.UNKNOWN;
    }
    Path gpu = root.resolve("sys/bus/pci/devices").resolve(busId.toLowerCase(Locale.ROOT));
    long total = SystemFile.number(gpu.resolve("mem_info_vram_total"));
    long used = SystemFile.number(gpu.resolve("mem_info_vram_used"));
    return total < 0 || used < 0 ? DeviceInfo.UNKNOWN : Math.max(0, total - used);
  }
}
