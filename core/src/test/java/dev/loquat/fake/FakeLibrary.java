package dev.loquat.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A shared library that the machine's C compiler makes from a few lines. */
public final class FakeLibrary {

  private FakeLibrary() {}

  /**
   * Compiles C into a library of the given name. Where there is no compiler the test is skipped; in
   * a build that says {@code CI=true} it fails.
   */
  public static Path compile(Path folder, String name, String source)
      throws IOException, InterruptedException {
    boolean hasCompiler = hasCompiler();
    if ("true".equals(System.getenv("CI"))) {
      assertThat(hasCompiler).as("a C compiler 'cc', which CI must have").isTrue();
    }
    assumeTrue(hasCompiler, "no C compiler 'cc' on this machine");
    Path code = Files.writeString(folder.resolve(name + ".c"), source);
    Path library = folder.resolve(name);
    run("cc", "-shared", "-fPIC", "-o", library.toString(), code.toString());
    return library;
  }

  private static boolean hasCompiler() throws InterruptedException {
    try {
      run("cc", "--version");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process compiler =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(compiler.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(compiler.exitValue()).as(String.join(" ", command)).isZero();
  }
}
