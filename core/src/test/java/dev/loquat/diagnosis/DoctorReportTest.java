package dev.loquat.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.backend.Support;
import dev.loquat.device.AbsentDevice;
import dev.loquat.device.CpuDetails;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.DeviceKind;
import dev.loquat.device.GpuDetails;
import dev.loquat.device.GpuProcess;
import dev.loquat.device.GpuSharing;
import dev.loquat.error.BackendException;
import dev.loquat.error.BackendUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DoctorReportTest {
  private static final long MIB = 1 << 20;
  private static final Device GPU = Device.cuda(0);
  private final BackendException failure = new BackendException("The kernel\n  failed.");
  private final Verification right =
      new Verification.Computed(Device.cpu(), "onnx", 1e-6, 0.05, Duration.ofMillis(250));
  private final Verification wrong =
      new Verification.Computed(GPU, "onnx", 7, 0.05, Duration.ofMillis(500));
  private final Verification failed = new Verification.Failed(GPU, "djl", failure);
  private final Verification unusable = new Verification.Unusable(GPU, "staged", "no kernels");

  private final DoctorReport report =
      new DoctorReport(
              "Linux 6.8 amd64, Java 17",
              List.of(gpu(), cpu()),
              List.of(
                  new KindDiagnosis(
                      new AbsentDevice(DeviceKind.ROCM, "libamdhip64.so not found"),
                      Map.of("onnx", Support.no("it has no ROCm")))),
              List.of())
          .withVerifications(List.of(right, wrong, failed, unusable));

  @Test
  void printsALineForEachThing() {
    assertThat(report.text().lines())
        .containsExactly(
            "Linux 6.8 amd64, Java 17",
            "cuda:0   H100, 80.0 GiB total, unknown free",
            "           architecture: 9.0",
            "           driver: 550.54",
            "           driver runs: CUDA up to 12.4",
            "           runtime: 12.8",
            "           utilization: 37 %",
            "           compute mode: exclusive",
            "           others: 1 processes hold 2.0 GiB",
            "           unknown: free memory: NVML says no",
            "           problem: It is claimed.",
            "           djl: no: add this and that",
            "           onnx: yes",
            "cpu      EPYC, 1000.0 MiB total, 500.0 MiB free",
            "           architecture: amd64 avx2 fma",
            "           cores: 4, 8 threads for this process",
            "           quota: 1.5 processors' time",
            "           limit: 512.0 MiB",
            "           onnx: yes",
            "ROCM     none: libamdhip64.so not found",
            "           onnx: no: it has no ROCm",
            "cpu      verified with onnx: right, greatest difference 1.0e-06 of 5.0e-02, 250 ms",
            "cuda:0   verified with onnx: wrong, greatest difference 7.0e+00 of 5.0e-02, 500 ms",
            "cuda:0   verified with djl: failed: The kernel failed.",
            "cuda:0   verified with staged: not tried: no kernels");
  }

  @Test
  void printsOneJsonObject() {
    assertThat(report.json())
        .isEqualTo(
            """
            {"system":"Linux 6.8 amd64, Java 17","devices":[\
            {"device":"cuda:0","name":"H100","totalBytes":85899345920,"architecture":"9.0",\
            "driverVersion":"550.54","apiVersion":"12.4","runtimeVersion":"12.8",\
            "sharing":"exclusive","utilizationPercent":37,\
            "processes":[{"pid":4000000000,"bytes":2147483648}],"otherProcessesBytes":2147483648,\
            "gaps":["free memory: NVML says no"],"problem":"It is claimed.",\
            "backends":{"djl":{"usable":false,"reason":"add this\\n and that"},\
            "onnx":{"usable":true}}},\
            {"device":"cpu","name":"EPYC","totalBytes":1048576000,"freeBytes":524288000,\
            "architecture":"amd64","features":["avx2","fma"],"physicalCores":4,"logicalCores":8,\
            "cpuQuota":1.5,"memoryLimitBytes":536870912,"backends":{"onnx":{"usable":true}}}],\
            "absent":[{"kind":"rocm","reason":"libamdhip64.so not found",\
            "backends":{"onnx":{"usable":false,"reason":"it has no ROCm"}}}],\
            "verifications":[\
            {"device":"cpu","backend":"onnx","outcome":"right","maxDifference":1.0E-6,\
            "tolerance":0.05,"seconds":0.25},\
            {"device":"cuda:0","backend":"onnx","outcome":"wrong","maxDifference":7.0,\
            "tolerance":0.05,"seconds":0.5},\
            {"device":"cuda:0","backend":"djl","outcome":"failed","error":"BackendException",\
            "reason":"The kernel\\n  failed."},\
            {"device":"cuda:0","backend":"staged","outcome":"unusable","reason":"no kernels"}]}""");
  }

  @Test
  void demandsTheRightNumbers() {
    assertThatCode(right::requireRight).doesNotThrowAnyException();
    assertThatThrownBy(wrong::requireRight)
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "The backend 'onnx' computes wrong numbers on cuda:0: a logit differs by 7.0; expected"
                + " 0.05 at most. Update the device's driver, or use another backend or device.");
    assertThatThrownBy(failed::requireRight).isSameAs(failure);
    assertThatThrownBy(unusable::requireRight)
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessage("The backend 'staged' can't use cuda:0: no kernels");
  }

  @Test
  void isWrongIfALogitIsNoNumber() {
    assertThat(
            new Verification.Computed(GPU, "x", Double.POSITIVE_INFINITY, 1, Duration.ZERO)
                .isRight())
        .isFalse();
  }

  private static DeviceDiagnosis gpu() {
    GpuDetails details =
        new GpuDetails(
            Optional.of("9.0"),
            Optional.of("550.54"),
            Optional.of("12.4"),
            Optional.of("12.8"),
            GpuSharing.EXCLUSIVE,
            OptionalInt.of(37),
            List.of(new GpuProcess(4_000_000_000L, 2048 * MIB)),
            List.of("free memory: NVML says no"));
    return new DeviceDiagnosis(
        new DeviceInfo(GPU, "H100", 81_920 * MIB, DeviceInfo.UNKNOWN),
        Optional.of(details),
        Optional.of("It is claimed."),
        Map.of("onnx", Support.yes(), "djl", Support.no("add this\n and that")));
  }

  private static DeviceDiagnosis cpu() {
    CpuDetails details =
        new CpuDetails(
            "amd64",
            List.of("avx2", "fma"),
            4,
            8,
            OptionalDouble.of(1.5),
            OptionalLong.of(512 * MIB));
    return new DeviceDiagnosis(
        new DeviceInfo(Device.cpu(), "EPYC", 1000 * MIB, 500 * MIB),
        Optional.of(details),
        Optional.empty(),
        Map.of("onnx", Support.yes()));
  }
}
