package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.device.Precision;
import dev.loquat.memory.OutOfMemoryPolicy;
import dev.loquat.memory.OutOfMemoryRung;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.OutOfMemoryReport;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizeRungTest {
  private final List<OutOfMemoryReport> reports = new CopyOnWriteArrayList<>();
  @TempDir private Path folder;
  private Path large;
  private Path small;

  @BeforeEach
  void writeModels() throws IOException {
    large = Files.createDirectory(folder.resolve("large"));
    small = Files.createDirectory(folder.resolve("small"));
    TinyCheckpoint.llama().hiddenSize(256).intermediateSize(1024).layers(4).writeTo(large);
    TinyCheckpoint.llama().writeTo(small);
  }

  @Test
  void takesFourBitsBeforeAnotherModelWhereEightAreTooMany() {
    long fits = neededBytes(large, Precision.INT4, 1);
    assertThat(fits).isLessThan(neededBytes(large, Precision.INT8, 1));
    try (Model model = squeezed(fits).load()) {
      assertThat(model.info().source()).hasToString(large.toString());
      assertThat(model.info().precision().requested()).isEqualTo(Precision.INT4);
    }
    assertThat(reports)
        .extracting(OutOfMemoryReport::change)
        .containsSubsequence("FP32 to INT8", "INT8 to INT4");
  }

  @Test
  void aSmallerModelBeginsWithWhatWasAskedFor() {
    long fits = neededBytes(small, Precision.FP32, 8);
    assertThat(fits).isLessThan(neededBytes(large, Precision.INT4, 1));
    try (Model model = squeezed(fits).load()) {
      assertThat(model.info().source()).hasToString(small.toString());
      assertThat(model.info().precision().requested()).isEqualTo(Precision.FP32);
      assertThat(model.info().batch()).isEqualTo(8);
    }
  }

  private long neededBytes(Path model, Precision precision, int batch) {
    return loader(model).withPrecision(precision).batch(batch).plan().need().neededBytes();
  }

  private ModelLoader squeezed(long limit) {
    EngineListener listener =
        new EngineListener() {
          @Override
          public void onOutOfMemory(OutOfMemoryReport report) {
            reports.add(report);
          }
        };
    return loader(large)
        .withPrecision(Precision.FP32)
        .batch(8)
        .memoryLimit(limit)
        .onEvents(listener)
        .onOutOfMemory(
            OutOfMemoryPolicy.tryInOrder(
                OutOfMemoryRung.SMALLER_BATCH,
                OutOfMemoryRung.QUANTIZE,
                OutOfMemoryRung.smallerModel(small.toString())));
  }

  private static ModelLoader loader(Path model) {
    return Loquat.model(model).backend("onnx").contextLength(64);
  }
}
