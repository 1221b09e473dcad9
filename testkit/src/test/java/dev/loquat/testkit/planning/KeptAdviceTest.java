package dev.loquat.testkit.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.backend.BackendProvider;
import dev.loquat.backend.PrecisionAdvice;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ElementType;
import dev.loquat.checkpoint.GenerationDefaults;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.checkpoint.WeightRole;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.internal.discovery.BackendChoice;
import dev.loquat.internal.planning.KeptAdvice;
import dev.loquat.testkit.mutation.ProviderDecorator;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeptAdviceTest {
  @TempDir private static Path folder;
  private Checkpoint checkpoint;
  private int asked;

  @BeforeEach
  void open() throws IOException {
    checkpoint = Checkpoint.open(TinyCheckpoint.llama().untiedHead().writeTo(folder));
  }

  @AfterEach
  void close() {
    checkpoint.close();
  }

  @Test
  void asksOnceForAModel() {
    BackendChoice choice = choice("once");
    PrecisionAdvice advice = KeptAdvice.OF_PROCESS.of(choice, checkpoint, 1);
    assertThat(KeptAdvice.OF_PROCESS.of(choice, checkpoint, 1)).isSameAs(advice);
    assertThat(asked).isEqualTo(1);
    KeptAdvice.OF_PROCESS.of(choice, checkpoint, 2);
    assertThat(asked).as("with other threads").isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"EMBEDDING", "HEAD", "FINAL_NORM", "QUERY", "DOWN", "MLP_NORM"})
  void asksAgainWhereOneWeightIsStoredOtherwise(WeightRole role) {
    BackendChoice choice = choice("types of " + role);
    KeptAdvice.OF_PROCESS.of(choice, checkpoint, 1);
    Checkpoint other = new Retyped(checkpoint, role);
    PrecisionAdvice advice = KeptAdvice.OF_PROCESS.of(choice, other, 1);
    assertThat(advice.reason()).isEqualTo("answer 2");
    assertThat(KeptAdvice.OF_PROCESS.of(choice, other, 1)).isSameAs(advice);
    assertThat(asked).isEqualTo(2);
  }

  private BackendChoice choice(String name) {
    BackendProvider provider =
        new ProviderDecorator() {
          @Override
          public String name() {
            return name;
          }

          @Override
          public PrecisionAdvice advise(Checkpoint of, Device device, int threads) {
            return new PrecisionAdvice(List.of(Precision.FP32), "answer " + ++asked);
          }
        };
    return new BackendChoice(provider, Device.cpu());
  }

  /** A checkpoint like another, whose last weight of a role is stored as BF16. */
  private record Retyped(Checkpoint original, WeightRole role) implements Checkpoint {
    @Override
    public ModelConfig config() {
      return original.config();
    }

    @Override
    public GenerationDefaults generationDefaults() {
      return original.generationDefaults();
    }

    @Override
    public Path folder() {
      return original.folder();
    }

    @Override
    public Tensor weight(WeightRole asked) {
      Tensor tensor = original.weight(asked);
      return asked == role ? new AsBrainFloats(tensor) : tensor;
    }

    @Override
    public Tensor weight(WeightRole asked, int layer) {
      Tensor tensor = original.weight(asked, layer);
      boolean isLast = layer == config().layers().size() - 1;
      return asked == role && isLast ? new AsBrainFloats(tensor) : tensor;
    }

    @Override
    public long weightBytes() {
      return original.weightBytes();
    }

    @Override
    public void close() {}
  }

  private record AsBrainFloats(Tensor original) implements Tensor {
    @Override
    public TensorInfo info() {
      TensorInfo info = original.info();
      return new TensorInfo(
          info.name(), ElementType.BF16, info.shape(), info.file(), info.fileOffset());
    }

    @Override
    public void read(long elementOffset, FloatBuffer destination) {
      throw new UnsupportedOperationException("nobody reads it");
    }

    @Override
    public void readBytes(long byteOffset, ByteBuffer destination) {
      throw new UnsupportedOperationException("nobody reads it");
    }
  }
}
