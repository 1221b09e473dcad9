package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.backend.Support;
import dev.loquat.backend.Support.Unsupported;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchInstallationTest {

  @Test
  void findsTheArtifactOnThePath() {
    assertThat(check(Map.of())).isEqualTo(Support.yes());
  }

  @Test
  void namesTheArtifactThatIsMissing() {
    assertThat(reason(withoutNativeArtifact(Map.of())))
        .startsWith(
            "PyTorch's native library is not on the path: add the dependency"
                + " ai.djl.pytorch:pytorch-native-cpu:2.7.1 with classifier ");
  }

  @Test
  void takesTheFolderOfAnInstalledPyTorch(@TempDir Path folder) throws IOException {
    Files.createFile(folder.resolve(System.mapLibraryName("torch")));
    Map<String, String> settings = Map.of("PYTORCH_LIBRARY_PATH", folder.toString());
    assertThat(withoutNativeArtifact(settings)).isEqualTo(Support.yes());
  }

  @Test
  void refusesAFolderWithoutPyTorch(@TempDir Path folder) {
    assertThat(reason(check(Map.of("PYTORCH_LIBRARY_PATH", folder.toString()))))
        .isEqualTo(
            "PYTORCH_LIBRARY_PATH is "
                + folder
                + ", but there is no "
                + System.mapLibraryName("torch")
                + " in it");
  }

  @Test
  void refusesTheBridgeOfAnotherVersion(@TempDir Path folder) throws IOException {
    Path properties = folder.resolve("pytorch.properties");
    Files.writeString(properties, "jni_version=2.5.1-0.33.0");
    ClassLoader loader =
        new PatchedPath("jnilib/pytorch.properties", List.of(properties.toUri().toURL()));
    assertThat(reason(check(loader, Map.of())))
        .startsWith("ai.djl.pytorch:pytorch-jni on the path is 2.5.1-0.33.0; expected 2.7.1-0.36");
  }

  @Test
  void refusesAVersionItWasNotMadeFor() {
    assertThat(reason(check(Map.of("PYTORCH_VERSION", "2.5.1"))))
        .isEqualTo("PYTORCH_VERSION is 2.5.1; this backend is made for 2.7.1. Unset it.");
  }

  private static Support check(Map<String, String> settings) {
    return new TorchInstallation(settings::get).check();
  }

  private static String reason(Support support) {
    return ((Unsupported) support).reason();
  }

  private static Support withoutNativeArtifact(Map<String, String> settings) {
    return check(new PatchedPath("native/lib/pytorch.properties", List.of()), settings);
  }

  private static Support check(ClassLoader loader, Map<String, String> settings) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return check(settings);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The tests' path, but for one resource. */
  private static final class PatchedPath extends ClassLoader {
    private final String patched;
    private final List<URL> replacements;

    PatchedPath(String patched, List<URL> replacements) {
      super(TorchInstallationTest.class.getClassLoader());
      this.patched = patched;
      this.replacements = replacements;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return name.equals(patched)
          ? Collections.enumeration(replacements)
          : super.getResources(name);
    }
  }
}
