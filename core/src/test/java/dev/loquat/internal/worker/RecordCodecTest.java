package dev.loquat.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.backend.HalfPrecision;
import dev.loquat.constraint.Constraint;
import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.DraftSource;
import dev.loquat.generation.GenerationOptions;
import dev.loquat.generation.GenerationRequest;
import dev.loquat.generation.Penalties;
import dev.loquat.generation.PromptOverflow;
import dev.loquat.generation.SamplingOptions;
import dev.loquat.generation.SpeculationOptions;
import dev.loquat.generation.StopRules;
import dev.loquat.generation.TokenRules;
import dev.loquat.generation.Truncation;
import dev.loquat.generation.Turn;
import dev.loquat.internal.engine.EngineRequest;
import dev.loquat.memory.OutOfMemoryPolicy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
  private static final int MOST = 1000;

  private final RecordCodec codec = new RecordCodec(MOST);

  private static GenerationOptions options(StopRules stop, Optional<Constraint> constraint) {
    return new GenerationOptions(
        17,
        new SamplingOptions(
            0.5,
            new Truncation(3, 0.9, 0.1, 0.8),
            new Penalties(1.1, 0.2, 0.3, 4),
            new TokenRules(Map.of(1, 2f, 3, -4f), Set.of(5), Set.of(6, 7), List.of(8, 9), 10),
            List.of(),
            OptionalLong.of(Long.MIN_VALUE)),
        stop,
        PromptOverflow.KEEP_END,
        new Turn(-2, Optional.of(Duration.ofSeconds(3, 4))),
        OptionalInt.of(5),
        constraint,
        new SpeculationOptions(DraftSource.DRAFT_MODEL, 6));
  }

  private static GenerationOptions stopping() {
    return options(new StopRules(List.of("x"), Set.of(11), true), Optional.empty());
  }

  private static GenerationOptions constrained() {
    Constraint choice = Constraint.choice(List.of("a \"b\"", "c"));
    return options(StopRules.NONE, Optional.of(choice));
  }

  private byte[] bytes(Object message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    codec.write(ToWorker.class, message, new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private Object read(byte[] bytes) throws IOException {
    return codec.read(ToWorker.class, new DataInputStream(new ByteArrayInputStream(bytes)));
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    GenerationRequest request =
        new GenerationRequest("prompts[2]", "lone \ud83d and \u0000", true, stopping());
    List<ToWorker> messages =
        List.of(
            new ToWorker.Submit(1, new EngineRequest.Text(request), 2),
            new ToWorker.Submit(
                Long.MAX_VALUE, new EngineRequest.Beams(request, BeamOptions.of(3)), 0),
            new ToWorker.Submit(
                5,
                new EngineRequest.Text(new GenerationRequest("p", "q", false, constrained())),
                0),
            new ToWorker.Submit(3, new EngineRequest.Score(request), -1),
            new ToWorker.Cancel(4),
            new ToWorker.Close());
    for (ToWorker message : messages) {
      assertThat(read(bytes(message))).isEqualTo(message);
    }
  }

  @Test
  void whatIsCutShortIsNoMessage() throws IOException {
    byte[] bytes =
        bytes(
            new ToWorker.Submit(
                1,
                new EngineRequest.Text(new GenerationRequest("p", "text", true, stopping())),
                2));
    for (int length = 0; length < bytes.length; length++) {
      byte[] part = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> read(part)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void countsAndCasesOutOfRangeAreRefused() throws IOException {
    assertThatThrownBy(() -> read(new byte[] {9}))
        .isInstanceOf(IOException.class)
        .hasMessage("A message names case 9 of 6");
    byte[] text = bytes(new ToWorker.Load(terms("s")));
    ByteBuffer.wrap(text).putInt(1, MOST + 1);
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(IOException.class)
        .hasMessage("A message holds 1001 elements; expected 0 to 1000");
    ByteBuffer.wrap(text).putInt(1, -1);
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(IOException.class)
        .hasMessage("A message holds -1 elements; expected 0 to 1000");
  }

  @Test
  void valuesThatARecordRefusesAreNoMessage() throws IOException {
    byte[] bytes =
        bytes(
            new ToWorker.Submit(
                1, new EngineRequest.Text(new GenerationRequest("", "", true, stopping())), 2));
    int maxNewTokens = 1 + Long.BYTES + 1 + 2 * Integer.BYTES + 1;
    ByteBuffer.wrap(bytes).putInt(maxNewTokens, 0);
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(IOException.class)
        .hasMessage("A message holds an invalid GenerationOptions")
        .hasCauseInstanceOf(IllegalArgumentException.class);
  }

  private static WorkerTerms terms(String source) {
    return new WorkerTerms(
        source,
        Optional.empty(),
        "onnx",
        Device.cpu(),
        Precision.FP32,
        HalfPrecision.MIXED,
        Precision.AUTO,
        1,
        2,
        3,
        4,
        5,
        OptionalLong.empty(),
        OutOfMemoryPolicy.FAIL,
        Optional.empty(),
        0);
  }
}
