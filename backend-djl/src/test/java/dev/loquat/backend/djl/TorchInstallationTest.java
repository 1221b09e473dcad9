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
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(new WithoutNativeArtifact(before));
    try {
      return check(settings);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static final class WithoutNativeArtifact extends ClassLoader {

    WithoutNativeArtifact(@Nullable ClassLoader parent) {
      super(parent);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return name.startsWith("native/lib/")
          ? Collections.emptyEnumeration()
          : super.getResources(name);
    }
  }
}
