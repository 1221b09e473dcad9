package dev.loquat.backend.djl;

import dev.loquat.backend.Support;
import dev.loquat.device.Device;
import dev.loquat.error.BackendException;
import java.lang.System.Logger;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Small programs that find out what the loaded PyTorch can do. An unknown operator fails the whole
 * program it stands in, so each is tried in one of its own.
 */
final class Probe {
  private static final Logger LOGGER = System.getLogger(Probe.class.getName());

  private static final String DEVICE =
      """
      class Probe(Module):
        def __getstate__(self) -> int:
          return 0
        def __setstate__(self, state: int) -> NoneType:
          pass
        def run(self, device: str) -> float:
          return float(torch.sum(torch.ones([2], device=torch.device(device))))
      """;
  private static final String LINEAR =
      """

      class Probe(Module):
        def __getstate__(self) -> int:
          return 0
        def __setstate__(self, state: int) -> NoneType:
          pass
        def run(self, bits: int) -> float:
          linears = __torch__.Linears()
          linears.add(torch.ones([32, 64]), torch.ones([32]), bits, False)
          return float(torch.mean(linears.apply(0, torch.ones([3, 64]))))
      """;
  private static final double LINEAR_MEAN = 65;
  private static final double LINEAR_ERROR = 1e-3;

  /** What PyTorch can on this processor stays so, and a plan asks hundreds of times. */
  private static final Map<LinearKernel, Boolean> MULTIPLIES = new ConcurrentHashMap<>();

  private Probe() {}

  /** Whether PyTorch allocates and computes on a device. */
  static Support device(Device device) {
    String torchDevice = TorchDevice.name(device);
    try (TorchModule probe = TorchModule.load("Probe", DEVICE)) {
      probe.call("run").with(torchDevice).runForDouble();
      return Support.yes();
    } catch (BackendException e) {
      LOGGER.log(Logger.Level.DEBUG, () -> "PyTorch computes nothing on " + device, e);
      return Support.no(
          "PyTorch computes nothing on "
              + device
              + " as it is installed here; it takes "
              + TorchDevice.requirement(device)
              + ".");
    }
  }

  /** Whether a way to multiply exists here and gives the right product; tried once. */
  static boolean multiplies(LinearKernel kernel) {
    return MULTIPLIES.computeIfAbsent(kernel, Probe::tries);
  }

  private static boolean tries(LinearKernel kernel) {
    try (TorchModule probe = TorchModule.load("Probe", kernel.program() + LINEAR)) {
      return Math.abs(probe.call("run").with(kernel.leastBits(32, 64)).runForDouble() - LINEAR_MEAN)
          < LINEAR_ERROR;
    } catch (BackendException e) {
      return false;
    }
  }
}
