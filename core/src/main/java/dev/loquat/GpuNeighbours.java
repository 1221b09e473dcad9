package dev.loquat;

import dev.loquat.device.Device;
import dev.loquat.error.OutOfMemoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * The models that this process has on GPUs, so that a backend which finds one full can be told who
 * shares it.
 *
 * <p>Safe for use by several threads.
 */
final class GpuNeighbours {
  /** The process's only one: models that share a GPU have no object in common that could own it. */
  static final GpuNeighbours OF_PROCESS = new GpuNeighbours();

  private final List<Neighbour> neighbours = new ArrayList<>();

  /**
   * A model on a GPU.
   *
   * @param device the GPU
   * @param backend what runs the model
   * @param hasEnded whether it has given the GPU back
   */
  record Neighbour(Device device, String backend, BooleanSupplier hasEnded) {}

  synchronized void add(Neighbour neighbour) {
    neighbours.removeIf(other -> other.hasEnded().getAsBoolean());
    neighbours.add(neighbour);
  }

  /** Names the other backends that hold memory of a GPU, if there are any. */
  synchronized OutOfMemoryException explain(
      OutOfMemoryException failure, Device device, String backend) {
    String others =
        neighbours.stream()
            .filter(other -> other.device().equals(device) && !other.backend().equals(backend))
            .filter(other -> !other.hasEnded().getAsBoolean())
            .map(other -> "'" + other.backend() + "'")
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    return others.isEmpty() ? failure : shared(failure, device, backend, others);
  }

  private static OutOfMemoryException shared(
      OutOfMemoryException failure, Device device, String backend, String others) {
    OutOfMemoryException shared =
        new OutOfMemoryException(
            failure.getMessage()
                + " Beside '"
                + backend
                + "', other backends of this process have models on "
                + device
                + ": "
                + others
                + ". Each keeps memory of its own. Close those models, run all with one backend, or"
                + " give each a memoryLimit.",
            failure.neededBytes(),
            failure.availableBytes());
    shared.addSuppressed(failure);
    return shared;
  }
}
