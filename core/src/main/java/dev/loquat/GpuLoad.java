package dev.loquat;

import dev.loquat.GpuNeighbours.Neighbour;
import dev.loquat.backend.Backend;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceCondition;
import dev.loquat.device.DeviceDetails;
import dev.loquat.device.DeviceDiscovery;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.DeviceKind;
import dev.loquat.error.BackendException;
import dev.loquat.error.LoquatException;
import dev.loquat.error.OutOfMemoryException;
import java.lang.ref.WeakReference;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Loads onto a GPU and says what is wrong with it in words of its own: what keeps every backend
 * from it is told before native code is asked, and what a failure means afterwards.
 *
 * @param info the GPU as it was found
 * @param details what else is known of it
 * @param neighbours the models that are there
 */
record GpuLoad(DeviceInfo info, Optional<DeviceDetails> details, GpuNeighbours neighbours) {

  /** Opens a backend; on a processor without further ado. */
  static Backend open(Device device, String backend, Supplier<Backend> opening) {
    if (device.kind() == DeviceKind.CPU) {
      return opening.get();
    }
    DeviceInfo info = DeviceDiscovery.search().require(device);
    return new GpuLoad(info, DeviceDiscovery.details(device), GpuNeighbours.OF_PROCESS)
        .open(backend, opening);
  }

  /** Notes a model that was loaded; one that nobody refers to any more counts as ended. */
  static void note(Model model) {
    WeakReference<Model> reference = new WeakReference<>(model);
    model.info().replicas().stream()
        .distinct()
        .filter(device -> device.kind() != DeviceKind.CPU)
        .map(device -> new Neighbour(device, model.info().backend(), () -> hasEnded(reference)))
        .forEach(GpuNeighbours.OF_PROCESS::add);
  }

  Backend open(String backend, Supplier<Backend> opening) {
    Optional<LoquatException> problem = DeviceCondition.problem(info, details);
    if (problem.isPresent()) {
      throw explained(problem.get(), backend);
    }
    try {
      return opening.get();
    } catch (BackendException e) {
      throw explained(DeviceCondition.now(info, e).orElse(e), backend);
    }
  }

  private LoquatException explained(LoquatException failure, String backend) {
    return failure instanceof OutOfMemoryException full
        ? neighbours.explain(full, info.device(), backend)
        : failure;
  }

  private static boolean hasEnded(WeakReference<Model> reference) {
    Model model = reference.get();
    return model == null || model.hasEnded();
  }
}
