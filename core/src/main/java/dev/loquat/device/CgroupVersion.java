package dev.loquat.device;

import java.nio.file.Path;

/**
 * Where a version of Linux's control groups keeps the memory limits of a container or service.
 *
 * <p>Page cache that isn't in active use counts as free, as in Kubernetes' working set: the kernel
 * gives it back before it enforces a limit.
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
    HostMemory tightest = UNLIMITED;
    for (Path group : ControlGroup.binding(root, controller, mount)) {
      tightest = tightest.within(readGroup(group));
    }
    return tightest;
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
