package dev.loquat.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import dev.loquat.observation.Durations;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
  private final RecordCodec codec = new RecordCodec();

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
    return codec.read(ToWorker.class, bytes);
  }

  private static List<ToWorker> messages() {
    GenerationRequest request =
        new GenerationRequest("prompts[2]", "lone \ud83d and \u0000", true, stopping());
    return List.of(
        new ToWorker.Load(terms("a source")),
        new ToWorker.Submit(1, new EngineRequest.Text(request), 2),
        new ToWorker.Submit(Long.MAX_VALUE, new EngineRequest.Beams(request, BeamOptions.of(3)), 0),
        new ToWorker.Submit(
            5, new EngineRequest.Text(new GenerationRequest("p", "q", false, constrained())), 0),
        new ToWorker.Submit(3, new EngineRequest.Score(request), -1),
        new ToWorker.Cancel(4),
        new ToWorker.Close());
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    for (ToWorker message : messages()) {
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
      assertThatThrownBy(() -> read(part)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void countsAndCasesOutOfRangeAreRefused() throws IOException {
    assertThatThrownBy(() -> read(new byte[] {9}))
        .isInstanceOf(IOException.class)
        .hasMessage("A message names case 9 of 7");
    byte[] text = bytes(new ToWorker.Load(terms("s")));
    ByteBuffer.wrap(text).putInt(1, -1);
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(IOException.class)
        .hasMessage("A message holds -1 elements; expected 0 to " + (text.length - 5) / 2);
  }

  @Test
  void whatFollowsAMessageIsRefused() throws IOException {
    byte[] bytes = bytes(new ToWorker.Cancel(4));
    assertThatThrownBy(() -> read(Arrays.copyOf(bytes, bytes.length + 2)))
        .isInstanceOf(IOException.class)
        .hasMessage("A message ends before its frame: 2 of 11 bytes");
  }

  @Test
  void aLengthThatTheFrameCannotHoldTakesNoMemory() throws IOException {
    byte[] text = bytes(new ToWorker.Load(terms("s")));
    ByteBuffer.wrap(text).putInt(1, Connection.MAX_FRAME_BYTES);
    byte[] delays = new byte[Integer.BYTES + 3];
    ByteBuffer.wrap(delays).putInt(0, Connection.MAX_FRAME_BYTES);
    long before = allocatedBytes();
    for (int i = 0; i < 100; i++) {
      assertThat(refusal(ToWorker.class, text)).startsWith("A message holds 67108864 elements;");
      assertThat(refusal(Durations.class, delays))
          .isEqualTo("A message holds 67108864 elements; expected 0 to 0");
    }
    assertThat(allocatedBytes() - before).isLessThan(Connection.MAX_FRAME_BYTES);
  }

  private static long allocatedBytes() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  private String refusal(Type type, byte[] frame) {
    return String.valueOf(
        catchThrowableOfType(IOException.class, () -> codec.read(type, frame)).getMessage());
  }

  @Test
  void whateverBytesComeAreAMessageOrRefused() throws IOException {
    Random random = new Random(11);
    List<byte[]> frames = new ArrayList<>();
    for (Object message : messages()) {
      frames.add(bytes(message));
    }
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] frame = frames.get(i % frames.size()).clone();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        int at = random.nextInt(frame.length);
        frame[at] = (byte) (random.nextBoolean() ? random.nextInt() : random.nextInt(2) - 1);
      }
      try {
        assertThat(read(frame)).isInstanceOf(ToWorker.class);
      } catch (IOException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(2_000, 18_000);
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

  static WorkerTerms terms(String source) {
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
