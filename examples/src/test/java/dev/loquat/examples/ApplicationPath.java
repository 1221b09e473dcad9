package dev.loquat.examples;

import java.io.File;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * This process's class path, split as a modular application would.
 *
 * <p>What holds only files stays on the class path: the model, and PyTorch's native library, whose
 * manifest names an illegal module.
 *
 * @param modules the entries of the module path
 * @param classes the entries of the class path
 */
record ApplicationPath(String modules, String classes) {

  static ApplicationPath ofThisProcess() {
    List<String> entries =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("examples" + File.separator + "target"))
            .toList();
    return new ApplicationPath(
        joined(entries, entry -> !holdsOnlyFiles(entry)),
        joined(entries, ApplicationPath::holdsOnlyFiles));
  }

  private static boolean holdsOnlyFiles(String entry) {
    return entry.contains("pytorch-native") || entry.contains("models" + File.separator + "tiny");
  }

  private static String joined(List<String> entries, Predicate<String> chosen) {
    return entries.stream().filter(chosen).collect(Collectors.joining(File.pathSeparator));
  }
}
