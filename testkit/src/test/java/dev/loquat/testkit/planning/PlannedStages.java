package dev.loquat.testkit.planning;

import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.HalfPrecision;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceMap;
import dev.loquat.device.Precision;
import dev.loquat.internal.planning.PlanTerms;
import dev.loquat.internal.planning.StagePlanner;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Ten layers with a context of ten tokens, planned as a provider weighs them. */
abstract class PlannedStages {
  static final int CONTEXT = 10;
  static final long PLENTY = 100_000;
  static final Device FIRST = Device.cpu(0);
  static final Device SECOND = Device.cpu(1);
  static final Device GPU = Device.cuda(0);

  private final BackendProvider provider;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @SuppressWarnings("NullAway.Init")
  private Checkpoint checkpoint;

  PlannedStages(BackendProvider provider) {
    this.provider = provider;
  }

  @BeforeEach
  void open() throws IOException {
    checkpoint =
        Checkpoint.open(TinyCheckpoint.llama().layers(10).contextLength(CONTEXT).writeTo(folder));
  }

  @AfterEach
  void close() {
    checkpoint.close();
  }

  /** Where layers lie, such as "cpu:1 5-9", for a batch of one on devices with plenty of memory. */
  final List<String> stages(DeviceMap map) {
    return planner(map, PLENTY).place(terms(1)).stream()
        .map(stage -> stage.device() + " " + stage.layers())
        .toList();
  }

  final StagePlanner planner(DeviceMap map, long free) {
    return new StagePlanner(
        checkpoint, provider, map, map.devices(), HalfPrecision.MIXED, device -> free, 0);
  }

  static PlanTerms terms(int batch) {
    return new PlanTerms(Precision.FP32, new CacheLayout(batch, CONTEXT), 512, 0);
  }
}
