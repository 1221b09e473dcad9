package dev.loquat.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.error.BackendException;
import dev.loquat.error.DeviceUnavailableException;
import dev.loquat.error.DeviceUnavailableException.Reason;
import dev.loquat.error.LoquatException;
import dev.loquat.error.OutOfMemoryException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DeviceConditionTest {
  private static final long MIB = 1 << 20;
  private static final long OWN_PID = ProcessHandle.current().pid();
  private static final DeviceInfo T4 = new DeviceInfo(Device.cuda(1), "T4", 16 << 10, -1);

  @Test
  void findsNothingAgainstASoundGpuThatOthersShare() {
    assertThat(problem(gpu("12.4", GpuSharing.SHARED, List.of(new GpuProcess(7, 9)), List.of())))
        .isEmpty();
  }

  @Test
  void findsNothingAgainstTheProcessorOrWhatIsNotKnown() {
    CpuDetails cpu =
        new CpuDetails("amd64", List.of(), 1, 1, OptionalDouble.empty(), OptionalLong.empty());
    assertThat(DeviceCondition.problem(T4, Optional.of(cpu))).isEmpty();
    assertThat(DeviceCondition.problem(T4, Optional.empty())).isEmpty();
  }

  @Test
  void tellsADriverThatIsTooOld() {
    assertThat(problem(gpu("11.4", GpuSharing.SHARED, List.of(), List.of())))
        .hasValueSatisfying(
            failure -> {
              assertThat(((DeviceUnavailableException) failure).reason())
                  .isEqualTo(Reason.DRIVER_TOO_OLD);
              assertThat(failure)
                  .hasMessage(
                      "cuda:1 (T4) has driver 470.57, which runs CUDA up to 11.4; expected 12.0 or"
                          + " later. Install NVIDIA's driver 525.60.13 or a later one.");
            });
  }

  @Test
  void tellsWhoClaimsTheGpu() {
    GpuProcess other = new GpuProcess(7, 2048 * MIB);
    assertThat(problem(gpu("12.4", GpuSharing.EXCLUSIVE, List.of(other), List.of())))
        .hasValueSatisfying(
            failure -> {
              assertThat(((DeviceUnavailableException) failure).reason()).isEqualTo(Reason.CLAIMED);
              assertThat(failure)
                  .hasMessage(
                      "cuda:1 (T4) is claimed: it takes one process at a time, and process 7 (2.0"
                          + " GiB) holds it. End that, set the compute mode with 'nvidia-smi -c"
                          + " DEFAULT', or choose another device.");
            });
  }

  @Test
  void mayHoldAnExclusiveGpuItself() {
    GpuProcess own = new GpuProcess(OWN_PID, 2048 * MIB);
    assertThat(problem(gpu("12.4", GpuSharing.EXCLUSIVE, List.of(own), List.of()))).isEmpty();
  }

  @Test
  void tellsThatTheGpuIsClosedToAll() {
    assertThat(problem(gpu("12.4", GpuSharing.PROHIBITED, List.of(), List.of())))
        .hasValueSatisfying(
            failure ->
                assertThat(failure)
                    .hasMessageStartingWith("cuda:1 (T4) takes no process: its compute mode is"));
  }

  @Test
  void tellsThatTheGpuIsLost() {
    String gap = "utilization: nvmlDeviceGetUtilizationRates failed with NVML_ERROR_GPU_IS_LOST: …";
    assertThat(problem(gpu("12.4", GpuSharing.SHARED, List.of(), List.of(gap))))
        .hasValueSatisfying(
            failure -> {
              assertThat(((DeviceUnavailableException) failure).reason()).isEqualTo(Reason.LOST);
              assertThat(failure).hasMessageStartingWith("cuda:1 (T4) was there and is lost: ");
            });
  }

  @Test
  void tellsWhatFillsTheGpu() {
    DeviceInfo full = new DeviceInfo(Device.cuda(1), "T4", 16_384 * MIB, 100 * MIB);
    GpuDetails gpu =
        gpu("12.4", GpuSharing.SHARED, List.of(new GpuProcess(7, 16_000 * MIB)), List.of());
    assertThat(DeviceCondition.problem(full, Optional.of(gpu)))
        .hasValueSatisfying(
            failure -> {
              assertThat(((OutOfMemoryException) failure).neededBytes()).isEqualTo(256 * MIB);
              assertThat(((OutOfMemoryException) failure).availableBytes()).isEqualTo(100 * MIB);
              assertThat(failure)
                  .hasMessage(
                      "cuda:1 (T4) is full: 100.0 MiB of 16.0 GiB are free, process 7 (15.6 GiB)"
                          + " holding some; expected 256.0 MiB for a backend to start. End what holds the"
                          + " memory, or choose another device.");
            });
  }

  @Test
  void tellsThatAGpuDisappeared() {
    BackendException failure = new BackendException("The device failed.");
    DeviceInfo nowhere = new DeviceInfo(Device.rocm(999), "Instinct", 1, 1);
    assertThat(DeviceCondition.now(nowhere, failure))
        .hasValueSatisfying(
            found -> {
              assertThat(((DeviceUnavailableException) found).reason()).isEqualTo(Reason.LOST);
              assertThat(found).hasSuppressedException(failure);
            });
    DeviceInfo cpu = new DeviceInfo(Device.cpu(), "cpu", 1, 1);
    assertThat(DeviceCondition.now(cpu, failure)).isEmpty();
  }

  private static Optional<LoquatException> problem(GpuDetails gpu) {
    return DeviceCondition.problem(T4, Optional.of(gpu));
  }

  private static GpuDetails gpu(
      String api, GpuSharing sharing, List<GpuProcess> processes, List<String> gaps) {
    return new GpuDetails(
        Optional.of("7.5"),
        Optional.of("470.57"),
        Optional.of(api),
        Optional.empty(),
        sharing,
        OptionalInt.empty(),
        processes,
        gaps);
  }
}
