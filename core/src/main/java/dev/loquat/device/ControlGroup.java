package dev.loquat.device;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The control groups of this process under one controller.
 *
 * <p>A process is bound by its own group and by all above it. What a container can't see of these
 * its host has mounted as the topmost one.
 */
final class ControlGroup {

  private ControlGroup() {}

  /**
   * The folders of all groups that bind the process.
   *
   * @param root the folder that holds {@code proc} and {@code sys}
   * @param controller version 1's name; empty for version 2, which has no names
   * @param mount where the topmost group is, under the root
   * @return its own first, the topmost last
   */
  static List<Path> binding(Path root, String controller, String mount) {
    Path top = root.resolve(mount);
    List<Path> groups = new ArrayList<>();
    for (Path group = own(root, controller, top);
        group != null && group.startsWith(top);
        group = group.getParent()) {
      groups.add(group);
    }
    return groups;
  }

  private static Path own(Path root, String controller, Path top) {
    return SystemFile.line(root.resolve("proc/self/cgroup"), line -> isOf(line, controller))
        .flatMap(ControlGroup::path)
        .map(path -> top.resolve(path).normalize())
        .filter(group -> group.startsWith(top))
        .orElse(top);
  }

  // Each line is "number:controller,controller:/path"; version 2 names no controllers.
  private static boolean isOf(String line, String controller) {
    String[] fields = line.split(":", 3);
    return fields.length == 3 && ("," + fields[1] + ",").contains("," + controller + ",");
  }

  private static Optional<String> path(String line) {
    String path = line.split(":", 3)[2];
    return path.startsWith("/") ? Optional.of(path.substring(1)) : Optional.empty();
  }
}
