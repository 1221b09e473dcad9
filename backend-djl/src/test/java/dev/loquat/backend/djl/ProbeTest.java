package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.loquat.device.Device;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A kernel that silently stopped to load would only show as slowness. */
class ProbeTest {

  @BeforeAll
  static void loadPyTorch() {
    new DjlBackendProvider().supports(Device.cpu());
  }

  @ParameterizedTest
  @EnumSource(LinearKernel.class)
  void everyKernelWorksOnX86(LinearKernel kernel) {
    assumeThat(System.getProperty("os.arch")).as("the packed kernels are x86's").isEqualTo("amd64");
    assertThat(Probe.multiplies(kernel)).isTrue();
  }
}
