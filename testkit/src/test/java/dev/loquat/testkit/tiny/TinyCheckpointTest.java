package dev.loquat.testkit.tiny;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.loquat.chat.ChatMessage;
import dev.loquat.chat.ChatTemplate;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.ElementType;
import dev.loquat.checkpoint.RotaryScaling;
import dev.loquat.checkpoint.WeightRole;
import dev.loquat.testkit.reference.ReferenceDecoder;
import dev.loquat.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TinyCheckpointTest {
  private static final int[] TEXT = {72, 101, 108, 108, 111};

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Test
  void opensWithTheShapeThatWasAskedFor() throws IOException {
    TinyCheckpoint options =
        TinyCheckpoint.llama()
            .hiddenSize(32)
            .layers(3)
            .heads(6, 3)
            .headDim(8)
            .intermediateSize(40)
            .vocabularySize(300)
            .contextLength(50)
            .untiedHead()
            .attentionBias()
            .mlpBias();
    try (Checkpoint checkpoint = Checkpoint.open(options.writeTo(folder))) {
      assertThat(checkpoint.config().layers()).hasSize(3);
      assertThat(checkpoint.config().tiedHead()).isFalse();
      assertThat(checkpoint.config().contextLength()).isEqualTo(50);
      assertThat(checkpoint.weight(WeightRole.HEAD).info().shape()).containsExactly(300L, 32L);
      assertThat(checkpoint.weight(WeightRole.QUERY, 2).info().shape()).containsExactly(48L, 32L);
      assertThat(checkpoint.weight(WeightRole.KEY_BIAS, 0).info().shape()).containsExactly(24L);
      assertThat(checkpoint.weight(WeightRole.DOWN_BIAS, 1).info().shape()).containsExactly(32L);
    }
  }

  @Test
  void writesRotaryScalingsThatCoreReads() throws IOException {
    assertThat(scaling(TinyCheckpoint.llama())).isEqualTo(new RotaryScaling.None());
    assertThat(scaling(TinyCheckpoint.llama().linearRope(2)))
        .isEqualTo(new RotaryScaling.Linear(2));
    assertThat(scaling(TinyCheckpoint.llama().llama3Rope(8, 64)))
        .isEqualTo(new RotaryScaling.Llama3(8, 1, 4, 64));
    assertThat(scaling(TinyCheckpoint.llama().yarnRope(4, 64)))
        .isInstanceOf(RotaryScaling.Yarn.class);
  }

  @Test
  void slidingWindowMakesAMistral() throws IOException {
    try (Checkpoint checkpoint =
        Checkpoint.open(TinyCheckpoint.llama().slidingWindow(9).writeTo(folder))) {
      assertThat(checkpoint.config().modelType()).isEqualTo("mistral");
      assertThat(checkpoint.config().layers().get(0).attention().slidingWindow()).isEqualTo(9);
    }
  }

  @Test
  void sameOptionsGiveTheSameBytes() throws IOException {
    byte[] first = weights(TinyCheckpoint.llama());
    assertThat(weights(TinyCheckpoint.llama())).isEqualTo(first);
    assertThat(weights(TinyCheckpoint.llama().seed(2))).isNotEqualTo(first);
  }

  @Test
  void shardsHoldTheSameModelAsOneFile() throws IOException {
    double[][] whole = logits(TinyCheckpoint.llama());
    Files.delete(folder.resolve("model.safetensors"));
    assertThat(logits(TinyCheckpoint.llama().shards(4))).isDeepEqualTo(whole);
    assertThat(folder.resolve("model-00004-of-00004.safetensors")).exists();
  }

  @ParameterizedTest
  @CsvSource({"F16, 4.9e-4", "BF16, 3.91e-3"})
  void narrowTypesKeepTheWeightsButForRounding(ElementType type, double relativeError)
      throws IOException {
    float[] exact = embedding(TinyCheckpoint.llama());
    float[] narrow = embedding(TinyCheckpoint.llama().elementType(type));
    for (int i = 0; i < exact.length; i++) {
      double error = Math.abs(exact[i]) * relativeError + 1e-7;
      assertThat(narrow[i]).isCloseTo(exact[i], within((float) error));
    }
  }

  @Test
  void tokenizerMapsTextToItsBytes() throws IOException {
    Path written = TinyCheckpoint.llama().writeTo(folder);
    try (Tokenizer tokenizer = Tokenizer.open(written)) {
      assertThat(tokenizer.encode("Hi, é!", false)).containsExactly(72, 105, 44, 32, 195, 169, 33);
    }
  }

  @Test
  void chatTemplateIsChatMl() throws IOException {
    ChatTemplate template = ChatTemplate.open(TinyCheckpoint.llama().writeTo(folder));
    assertThat(template.render(List.of(ChatMessage.user("Hi")), true))
        .isEqualTo("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
  }

  @Test
  void refusesOptionsOutOfRange() {
    TinyCheckpoint options = TinyCheckpoint.llama();
    assertThatThrownBy(() -> options.layers(0)).hasMessage("layers is 0; expected 1 or more");
    assertThatThrownBy(() -> options.heads(4, 3))
        .hasMessage("4 query heads can't share 3 kv heads");
    assertThatThrownBy(() -> options.headDim(7))
        .hasMessage("headDim is 7; expected an even number");
    assertThatThrownBy(() -> options.vocabularySize(258))
        .hasMessage("vocabularySize is 258; the tokenizer has 259");
    assertThatThrownBy(() -> options.elementType(ElementType.I8))
        .hasMessage("type is I8; expected F32, F16 or BF16");
  }

  @Test
  void refusesBiasesBesideASlidingWindow() {
    TinyCheckpoint options = TinyCheckpoint.llama().slidingWindow(8).attentionBias();
    assertThatThrownBy(() -> options.writeTo(folder)).isInstanceOf(IllegalStateException.class);
  }

  private RotaryScaling scaling(TinyCheckpoint options) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(options.writeTo(folder))) {
      return checkpoint.config().layers().get(0).attention().rotary().scaling();
    }
  }

  private byte[] weights(TinyCheckpoint options) throws IOException {
    return Files.readAllBytes(options.writeTo(folder).resolve("model.safetensors"));
  }

  private double[][] logits(TinyCheckpoint options) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(options.writeTo(folder))) {
      return new ReferenceDecoder(checkpoint).of(TEXT);
    }
  }

  private float[] embedding(TinyCheckpoint options) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(options.writeTo(folder))) {
      float[] elements = new float[272 * 64];
      checkpoint.weight(WeightRole.EMBEDDING).read(0, FloatBuffer.wrap(elements));
      return elements;
    }
  }
}
