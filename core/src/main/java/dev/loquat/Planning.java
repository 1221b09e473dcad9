package dev.loquat;

import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.internal.discovery.BackendChoice;
import dev.loquat.internal.planning.ChosenPrecision;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.MemoryNeed;
import dev.loquat.memory.MemoryPlan;
import dev.loquat.memory.StageNeed;
import dev.loquat.quantization.ConversionCache;
import java.util.List;

/** Where an open checkpoint would run, with which batch, and what that takes. */
interface Planning {

  /** On one device, or on several where a map is among the options. */
  static Planning of(LoadOptions options, Checkpoint checkpoint) {
    return options
        .deviceMap()
        .<Planning>map(map -> new MappedPlanning(options, map, checkpoint))
        .orElseGet(() -> new ModelPlanning(options, checkpoint));
  }

  /** The backend, and the device it shall use, the first of several. */
  BackendChoice choice();

  /** The slots asked for, or as many as fit. */
  CacheLayout layout();

  /**
   * Accounts for what a replica of this layout takes at once.
   *
   * @throws dev.loquat.error.OutOfMemoryException if its limit leaves nothing
   */
  MemoryLedger ledger(CacheLayout layout);

  /** The device of each replica, the first of several devices. */
  List<Device> replicas();

  /** How the backend is asked to load a replica of the model. */
  BackendOptions backendOptions(Device device, ConversionCache cache, MemoryLedger ledger);

  /** What the backend is asked for, and why. */
  ChosenPrecision precision();

  /** What it would take, in full. Asks about every device of the machine. */
  MemoryPlan plan();

  /** What it takes where it runs. */
  MemoryNeed need();

  /** Where which layers lie, whether or not they fit; empty for a whole model on one device. */
  List<StageNeed> stages();

  /**
   * Checks that the layers that a map deals out fit its devices.
   *
   * @throws dev.loquat.error.OutOfMemoryException if they don't
   */
  default void requirePlaced() {}

  /** In how many groups texts go through the stages; 1 where there is no pipeline. */
  int lanes();
}
