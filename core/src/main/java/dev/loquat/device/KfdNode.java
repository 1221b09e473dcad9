package dev.loquat.device;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A GPU as the kernel's part of ROCm lists it under {@code /sys/class/kfd}.
 *
 * @param kfd the folder {@code /sys/class/kfd/kfd}
 * @param gpuId the number that the kernel names the GPU by there
 * @param target its architecture as {@code gfx_target_version}: 10,000 times the major version plus
 *     100 times the minor plus the stepping
 */
record KfdNode(Path kfd, long gpuId, long target) {

  /** The node of the GPU at a bus id. */
  static KfdNode at(Path root, String busId) throws DriverException {
    Path kfd = root.resolve("sys/class/kfd/kfd");
    for (Path node : children(kfd.resolve("topology/nodes"))) {
      Path properties = node.resolve("properties");
      if (AmdGpu.isBusId(busId) && isAt(properties, busId)) {
        long target = SystemFile.number(properties, "gfx_target_version");
        return new KfdNode(kfd, SystemFile.number(node.resolve("gpu_id")), target);
      }
    }
    throw new DriverException("the kernel lists no GPU at " + busId + " in " + kfd);
  }

  /** The architecture as compilers name it, such as "gfx90a". */
  String architecture() {
    return "gfx"
        + target / 10_000
        + Long.toHexString(target / 100 % 100)
        + Long.toHexString(target % 100);
  }

  /** The processes that hold memory of the GPU. */
  List<GpuProcess> processes() {
    List<GpuProcess> found = new ArrayList<>();
    for (Path process : children(kfd.resolve("proc"))) {
      long pid = SystemFile.parse(String.valueOf(process.getFileName()));
      long bytes = SystemFile.number(process.resolve("vram_" + gpuId));
      if (pid >= 0 && bytes >= 0) {
        found.add(new GpuProcess(pid, bytes));
      }
    }
    return found;
  }

  // location_id holds bus, device and function as PCI packs them; the bus id is domain:bus:dev.fn.
  private static boolean isAt(Path properties, String busId) {
    String[] parts = busId.split("[:.]", -1);
    long location =
        Long.parseLong(parts[1], 16) << 8
            | Long.parseLong(parts[2], 16) << 3
            | Long.parseLong(parts[3], 16);
    return SystemFile.number(properties, "location_id") == location
        && Math.max(0, SystemFile.number(properties, "domain")) == Long.parseLong(parts[0], 16);
  }

  private static List<Path> children(Path folder) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        found.add(entry);
      }
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
    found.sort(null);
    return found;
  }
}
