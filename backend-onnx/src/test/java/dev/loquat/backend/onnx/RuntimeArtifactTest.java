package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.Support;
import dev.loquat.device.Device;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

class RuntimeArtifactTest {

  @Test
  void namesTheVersionOfTheBuild() {
    assertThat(Runtimes.environment().getVersion()).isEqualTo(RuntimeArtifact.VERSION);
  }

  @Test
  void namesTheMissingArtifact() throws Exception {
    try (PathWithoutRuntime path = new PathWithoutRuntime()) {
      BackendProvider provider =
          (BackendProvider)
              path.loadClass(OnnxBackendProvider.class.getName()).getConstructor().newInstance();
      for (Device device : new Device[] {Device.cpu(), Device.cuda(0), Device.mps()}) {
        assertThat(provider.supports(device))
            .isEqualTo(
                Support.no(
                    "ONNX Runtime is not on the path: add the dependency"
                        + " com.microsoft.onnxruntime:onnxruntime:1.29.0"
                        + " (for NVIDIA GPUs onnxruntime_gpu:1.29.0)"));
      }
    }
  }

  /** Has a backend of its own, and everything else of the test but ONNX Runtime's classes. */
  private static final class PathWithoutRuntime extends URLClassLoader {
    PathWithoutRuntime() {
      super(
          new URL[] {
            OnnxBackendProvider.class.getProtectionDomain().getCodeSource().getLocation()
          });
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("ai.onnxruntime.")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("dev.loquat.backend.onnx.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }
  }
}
