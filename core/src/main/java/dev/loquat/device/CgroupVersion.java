package dev.loquat.device;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a version of Linux's control groups keeps the memory limits of a container or service.
 *
 * <p>A process is bound by its own group and by all above it. What a container can't see of these
 * its host has mounted as the topmost one. Page cache that isn't in active use counts as free, as
 * in Kubernetes' working set: the kernel gives it back before it enforces a limit.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html">Control Group v2</a>
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/memory.html">Memory Resource
 *     Controller of v1</a>
 */
enum CgroupVersion {
  V1("memory", "sys/fs/cgroup/memory", "limit_in_bytes", "usage_in_bytes", "total_inactive_file"),
  V2("", "sys/fs/cgroup", "max", "current", "inactive_file");

  private static final HostMemory UNLIMITED =
      new HostMemory(DeviceInfo.UNKNOWN, DeviceInfo.UNKNOWN);

  private final String controller;
  private final String mount;
  private final String limit;
  private final String usage;
  private final String cache;

  CgroupVersion(String controller, String mount, String limit, String usage, String cache) {
    this.controller = controller;
    this.mount = mount;
    this.limit = limit;
    this.usage = usage;
    this.cache = cache;
  }

  /** The tightest limits that bind this process; unknown numbers where there are none. */
  HostMemory read(Path root) {
    Path top = root.resolve(mount);
    HostMemory tightest = UNLIMITED;
    for (Path group = ownGroup(root, top);
        group != null && group.startsWith(top);
        group = group.getParent()) {
      tightest = tightest.within(readGroup(group));
    }
    return tightest;
  }

  private Path ownGroup(Path root, Path top) {
    return SystemFile.line(root.resolve("proc/self/cgroup"), this::isOurs)
        .flatMap(CgroupVersion::path)
        .map(path -> top.resolve(path).normalize())
        .filter(group -> group.startsWith(top))
        .orElse(top);
  }

  // Each line is "number:controller,controller:/path"; version 2 names no controllers.
  private boolean isOurs(String line) {
    String[] fields = line.split(":", 3);
    return fields.length == 3 && ("," + fields[1] + ",").contains("," + controller + ",");
  }

  private static Optional<String> path(String line) {
    String path = line.split(":", 3)[2];
    return path.startsWith("/") ? Optional.of(path.substring(1)) : Optional.empty();
  }

  private HostMemory readGroup(Path group) {
    long limitBytes = SystemFile.number(group.resolve("memory." + limit));
    long usedBytes = SystemFile.number(group.resolve("memory." + usage));
    if (limitBytes < 0 || usedBytes < 0) {
      return new HostMemory(limitBytes, DeviceInfo.UNKNOWN);
    }
    long cachedBytes = Math.max(0, SystemFile.number(group.resolve("memory.stat"), cache));
    long heldBytes = Math.max(0, usedBytes - cachedBytes);
    return new HostMemory(limitBytes, Math.max(0, limitBytes - heldBytes));
  }
}
