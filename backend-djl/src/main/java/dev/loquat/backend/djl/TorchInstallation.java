package dev.loquat.backend.djl;

import ai.djl.util.ClassLoaderUtils;
import ai.djl.util.Platform;
import dev.loquat.backend.Support;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where PyTorch's native library would come from: an artifact on the path or a folder of the
 * machine. Only looks; loads nothing.
 */
final class TorchInstallation {
  /** The version that the program's operators and DJL's bridge were written for. */
  static final String PYTORCH_VERSION = "2.7.1";

  private final Function<String, @Nullable String> settings;

  /**
   * Creates it.
   *
   * @param settings environment variables, or system properties where there is none of the name, as
   *     DJL reads them
   */
  TorchInstallation(Function<String, @Nullable String> settings) {
    this.settings = settings;
  }

  static TorchInstallation ofProcess() {
    return new TorchInstallation(TorchInstallation::setting);
  }

  private static @Nullable String setting(String name) {
    String variable = System.getenv(name);
    return variable != null ? variable : System.getProperty(name);
  }

  /** Whether there is a library to load; without one, DJL would download it. */
  Support check() {
    String version = settings.apply("PYTORCH_VERSION");
    if (version != null && !version.isEmpty() && !version.equals(PYTORCH_VERSION)) {
      return Support.no(
          "PYTORCH_VERSION is "
              + version
              + "; this backend is made for "
              + PYTORCH_VERSION
              + ". Unset it.");
    }
    String path = settings.apply("PYTORCH_LIBRARY_PATH");
    if (path != null) {
      return checkFolders(path);
    }
    return checkArtifact();
  }

  private static Support checkFolders(String path) {
    String library = System.mapLibraryName("torch");
    boolean found =
        Arrays.stream(path.split(File.pathSeparator, -1))
            .filter(folder -> !folder.isBlank())
            .anyMatch(folder -> Files.isRegularFile(Path.of(folder, library)));
    return found
        ? Support.yes()
        : Support.no("PYTORCH_LIBRARY_PATH is " + path + ", but there is no " + library + " in it");
  }

  private static Support checkArtifact() {
    Platform platform = Platform.detectPlatform("pytorch");
    String classifier = platform.getClassifier();
    if (platform.isPlaceholder()) {
      return Support.no(
          "PyTorch's native library is not on the path: add the dependency"
              + " ai.djl.pytorch:pytorch-native-cpu:"
              + PYTORCH_VERSION
              + " with classifier "
              + classifier
              + " (for NVIDIA GPUs pytorch-native-cu128), or set PYTORCH_LIBRARY_PATH");
    }
    if (!platform.getVersion().startsWith(PYTORCH_VERSION)) {
      return Support.no(
          "PyTorch on the path is "
              + platform.getVersion()
              + "; this backend is made for "
              + PYTORCH_VERSION);
    }
    try {
      return checkBridge(platform);
    } catch (IOException e) {
      return Support.no("The path of ai.djl.pytorch:pytorch-jni can't be read: " + e);
    }
  }

  /** DJL downloads its bridge too where the one on the path is another version's or platform's. */
  private static Support checkBridge(Platform platform) throws IOException {
    String expected = PYTORCH_VERSION + '-' + platform.getApiVersion();
    String found = bridgeVersion();
    if (!found.startsWith(expected)) {
      return Support.no(
          "ai.djl.pytorch:pytorch-jni on the path is " + found + "; expected " + expected);
    }
    String folder = platform.getClassifier() + '/' + platform.getFlavor();
    String library = "jnilib/" + folder + '/' + System.mapLibraryName("djl_torch");
    return ClassLoaderUtils.getResource(library) != null
        ? Support.yes()
        : Support.no("ai.djl.pytorch:pytorch-jni:" + found + " has no library for " + folder);
  }

  private static String bridgeVersion() throws IOException {
    URL file = ClassLoaderUtils.getResource("jnilib/pytorch.properties");
    if (file == null) {
      return "missing";
    }
    Properties properties = new Properties();
    try (InputStream in = file.openStream()) {
      properties.load(in);
    }
    return properties.getProperty("jni_version", "of no version");
  }
}
