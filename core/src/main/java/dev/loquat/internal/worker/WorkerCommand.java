package dev.loquat.internal.worker;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command that starts a worker: this JVM's own Java on the same class path or module path.
 *
 * @param mainClass the class that connects to the socket that its argument names
 * @param jvmOptions options of the JVM, such as {@code -Xmx2g}
 */
public record WorkerCommand(Class<?> mainClass, List<String> jvmOptions) {

  /** Copies the options. */
  public WorkerCommand {
    jvmOptions = List.copyOf(jvmOptions);
  }

  /** The folder takes the process's temporary files, unless the options name another. */
  List<String> line(WorkerFolder folder) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("-Djava.io.tmpdir=" + folder.path());
    line.addAll(jvmOptions);
    line.addAll(path());
    line.addAll(mainClass.getModule().isNamed() ? moduleMain() : List.of(mainClass.getName()));
    line.add(folder.socket().toString());
    return line;
  }

  private static List<String> path() {
    List<String> path = new ArrayList<>();
    String modules = System.getProperty("jdk.module.path", "");
    String classes = System.getProperty("java.class.path", "");
    if (!modules.isEmpty()) {
      path.addAll(List.of("-p", absolute(modules), "--add-modules", "ALL-MODULE-PATH"));
    }
    if (!classes.isEmpty()) {
      path.addAll(List.of("-cp", absolute(classes)));
    }
    return path;
  }

  private List<String> moduleMain() {
    return List.of("-m", mainClass.getModule().getName() + "/" + mainClass.getName());
  }

  private static String absolute(String path) {
    List<String> entries = new ArrayList<>();
    for (String entry : path.split(File.pathSeparator, -1)) {
      entries.add(new File(entry).getAbsolutePath());
    }
    return String.join(File.pathSeparator, entries);
  }
}
