package dev.loquat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.loquat.GpuNeighbours.Neighbour;
import dev.loquat.backend.Backend;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceDetails;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.GpuDetails;
import dev.loquat.device.GpuProcess;
import dev.loquat.device.GpuSharing;
import dev.loquat.error.BackendException;
import dev.loquat.error.DeviceUnavailableException;
import dev.loquat.error.DeviceUnavailableException.Reason;
import dev.loquat.error.LoquatException;
import dev.loquat.error.OutOfMemoryException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** On a GPU that this machine does not have: after a failure it is gone. */
class GpuLoadTest {
  private static final Device GPU = Device.rocm(99);
  private static final DeviceInfo INFO = new DeviceInfo(GPU, "Instinct", 1L << 34, 1L << 33);
  private final OutOfMemoryException full = new OutOfMemoryException("It is full.", 9, 4);

  private final GpuNeighbours neighbours = new GpuNeighbours();

  @Test
  void doesNotTryADeviceThatOthersClaim() {
    AtomicBoolean tried = new AtomicBoolean();
    DeviceUnavailableException failure =
        catchThrowableOfType(
            DeviceUnavailableException.class,
            () ->
                load(gpu(GpuSharing.EXCLUSIVE))
                    .open(
                        "djl",
                        () -> {
                          tried.set(true);
                          throw full;
                        }));
    assertThat(failure.reason()).isEqualTo(Reason.CLAIMED);
    assertThat(tried).isFalse();
  }

  @Test
  void tellsThatTheDeviceDisappearedWhileItWasTried() {
    BackendException lost = new BackendException("HIP error: unspecified launch failure.");
    assertThat(failure("djl", lost))
        .hasMessageStartingWith("rocm:99 (Instinct) was there and is lost")
        .hasSuppressedException(lost)
        .isInstanceOf(DeviceUnavailableException.class);
  }

  @Test
  void namesTheOtherBackendOnAFullGpu() {
    neighbours.add(new Neighbour(GPU, "djl", () -> false));
    neighbours.add(new Neighbour(GPU, "djl", () -> false));
    OutOfMemoryException explained = neighbours.explain(full, GPU, "onnx");
    assertThat(explained)
        .hasMessage(
            "It is full. Beside 'onnx', other backends of this process have models on rocm:99:"
                + " 'djl'. Each keeps memory of its own. Close those models, run all with one"
                + " backend, or give each a memoryLimit.")
        .hasSuppressedException(full);
    assertThat(explained.neededBytes()).isEqualTo(9);
    assertThat(explained.availableBytes()).isEqualTo(4);
  }

  @Test
  void namesNoneThatIsClosedOrElsewhereOrTheSame() {
    AtomicBoolean closed = new AtomicBoolean();
    neighbours.add(new Neighbour(GPU, "onnx", () -> false));
    neighbours.add(new Neighbour(Device.cuda(0), "djl", () -> false));
    neighbours.add(new Neighbour(GPU, "djl", closed::get));
    closed.set(true);
    assertThat(neighbours.explain(full, GPU, "onnx")).isSameAs(full);
  }

  private LoquatException failure(String backend, RuntimeException cause) {
    Supplier<Backend> opening =
        () -> {
          throw cause;
        };
    return catchThrowableOfType(
        LoquatException.class, () -> load(gpu(GpuSharing.SHARED)).open(backend, opening));
  }

  private GpuLoad load(DeviceDetails details) {
    return new GpuLoad(INFO, Optional.of(details), neighbours);
  }

  private static GpuDetails gpu(GpuSharing sharing) {
    return new GpuDetails(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        sharing,
        OptionalInt.empty(),
        List.of(new GpuProcess(7, 1)),
        List.of());
  }
}
