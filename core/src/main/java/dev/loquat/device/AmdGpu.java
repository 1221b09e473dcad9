package dev.loquat.device;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/** An AMD GPU as Linux's amdgpu driver tells of it in sysfs. */
final class AmdGpu {
  private static final Pattern BUS_ID =
      Pattern.compile("\\p{XDigit}{4,8}:\\p{XDigit}{2}:\\p{XDigit}{2}\\.\\d");

  private AmdGpu() {}

  /**
   * Reads a GPU's free memory.
   *
   * @param root the folder that holds {@code sys}
   * @param busId where the GPU is, such as "0000:03:00.0"
   * @return bytes; {@link DeviceInfo#UNKNOWN} if the kernel doesn't tell
   */
  static long freeBytes(Path root, String busId) {
    long total = number(root, busId, "mem_info_vram_total");
    long used = number(root, busId, "mem_info_vram_used");
    return total < 0 || used < 0 ? DeviceInfo.UNKNOWN : Math.max(0, total - used);
  }

  /** A number that the kernel tells; {@link DeviceInfo#UNKNOWN} if it doesn't. */
  static long number(Path root, String busId, String file) {
    if (!isBusId(busId)) {
      return DeviceInfo.UNKNOWN;
    }
    Path gpus = root.resolve("sys/bus/pci/devices");
    return SystemFile.number(gpus.resolve(busId.toLowerCase(Locale.ROOT)).resolve(file));
  }

  /** Whether a text is a bus id and nothing else, so that it can stand in a path. */
  static boolean isBusId(String text) {
    return BUS_ID.matcher(text).matches();
  }
}
