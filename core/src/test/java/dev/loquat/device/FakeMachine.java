package dev.loquat.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A machine whose files, variables and libraries a test chooses. */
final class FakeMachine {
  private final String osName;
  private final String architecture;
  private final Path root;
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, SharedLibrary> libraries = new HashMap<>();

  private FakeMachine(String osName, String architecture, Path root) {
    this.osName = osName;
    this.architecture = architecture;
    this.root = root;
  }

  static FakeMachine linux(Path root) {
    return new FakeMachine("Linux", "amd64", root);
  }

  static FakeMachine mac(Path root) {
    return new FakeMachine("Mac OS X", "aarch64", root);
  }

  static FakeMachine windows(Path root) {
    return new FakeMachine("Windows 11", "amd64", root);
  }

  FakeMachine variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  FakeMachine library(String name, SharedLibrary library) {
    libraries.put(name, library);
    return this;
  }

  FakeMachine file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return this;
  }

  Machine machine() {
    return new Machine(osName, architecture, root, environment, this::load);
  }

  private SharedLibrary load(String name) throws LibraryNotFoundException {
    SharedLibrary library = libraries.get(name);
    if (library == null) {
      throw new LibraryNotFoundException(name);
    }
    return library;
  }
}
