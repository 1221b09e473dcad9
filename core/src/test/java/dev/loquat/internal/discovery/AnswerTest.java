package dev.loquat.internal.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AnswerTest {

  /** As when a backend is asked ahead of the load, on another thread. */
  @Test
  void tellsWhyAnInitializerFailedThoughAnotherThreadRanIt() {
    String reason =
        "Unsupported[reason=it is not wholly on the path, or its parts are of different versions:"
            + " java.io.IOException: no space is left for the test's library]";
    Support first =
        CompletableFuture.supplyAsync(() -> Answer.of(new Unloadable(), Device.cpu())).join();
    assertThat(first).hasToString(reason);
    assertThat(Answer.of(new Unloadable(), Device.cpu())).hasToString(reason);
  }

  /** A provider may have a library for each kind of device. */
  @Test
  void tellsEachInitializersOwnFailure() {
    Unloadable provider = new Unloadable();
    Device gpu = Device.cuda(0);
    assertThat(Answer.of(provider, gpu).toString()).contains("no driver for the test's device");
    assertThat(Answer.of(provider, Device.cpu()).toString()).contains("no space is left");
    assertThat(Answer.of(provider, Device.cpu()).toString()).contains("no space is left");
    assertThat(Answer.of(provider, gpu).toString()).contains("no driver for the test's device");
  }

  private static final class Unloadable implements BackendProvider {

    @Override
    public String name() {
      return "unloadable";
    }

    @Override
    public int priority(Device device) {
      return 0;
    }

    @Override
    public Support supports(Device device) {
      return device.equals(Device.cpu()) ? Library.ANSWER : Driver.ANSWER;
    }

    @Override
    public Support supports(ModelConfig model, Device device, Precision precision) {
      return supports(device);
    }

    @Override
    public Backend open(Checkpoint checkpoint, BackendOptions options) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class Library {
    static final Support ANSWER = load();

    private static Support load() {
      throw new UncheckedIOException(
          "The test's library was not unpacked.",
          new IOException("no space is left for the test's library"));
    }
  }

  private static final class Driver {
    static final Support ANSWER = load();

    private static Support load() {
      throw new UnsatisfiedLinkError("no driver for the test's device");
    }
  }
}
