package dev.loquat.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application that is a module itself generates text, with Loquat on its module path. */
class ModulePathTest {
  private static final String DESCRIPTOR =
      """
      module app {
        requires dev.loquat;
      }
      """;

  private static final String MAIN =
      """
      package app;

      public final class Main {
        public static void main(String[] args) {
          try (var model = dev.loquat.Loquat.model(dev.loquat.Loquat.TINY_MODEL).backend(args[0]).load()) {
            System.out.println(dev.loquat.Loquat.class.getModule());
            System.out.println(model.generator().generate("What is machine learning?").text());
          }
        }
      }
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  private final ApplicationPath path = ApplicationPath.ofThisProcess();

  @BeforeEach
  void compile() throws IOException {
    Path source = Files.createDirectories(folder.resolve("source/app"));
    Path descriptor = Files.writeString(source.resolveSibling("module-info.java"), DESCRIPTOR);
    Path main = Files.writeString(source.resolve("Main.java"), MAIN);
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-p",
                path.modules(),
                "-d",
                classes(),
                name(descriptor),
                name(main));
    assertThat(status).as("javac's exit status").isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"onnx", "djl"})
  void generatesAsAModule(String backend) throws IOException, InterruptedException {
    Path output = folder.resolve(backend + ".txt");
    Process application =
        new ProcessBuilder(command(backend))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int status = application.waitFor();
    assertThat(output).content().contains("module dev.loquat", "patterns from examples");
    assertThat(status).isZero();
  }

  @Test
  void exportsNothingInternal() {
    assertThat(descriptors().map(ModuleDescriptor::name).toList())
        .containsExactlyInAnyOrder(
            "dev.loquat", "dev.loquat.backend.djl", "dev.loquat.backend.onnx");
    assertThat(descriptors().flatMap(module -> module.exports().stream()))
        .noneMatch(export -> export.source().startsWith("dev.loquat.internal"));
  }

  private Stream<ModuleDescriptor> descriptors() {
    Path[] entries =
        Stream.of(path.modules().split(File.pathSeparator)).map(Path::of).toArray(Path[]::new);
    return ModuleFinder.of(entries).findAll().stream()
        .map(module -> module.descriptor())
        .filter(module -> module.name().startsWith("dev.loquat"));
  }

  private List<String> command(String backend) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String modules = path.modules() + File.pathSeparator + classes();
    return List.of(
        java, "-Xmx1g", "-p", modules, "-cp", path.classes(), "-m", "app/app.Main", backend);
  }

  private String classes() {
    return name(folder.resolve("classes"));
  }

  private static String name(Path file) {
    return file.toString();
  }
}
