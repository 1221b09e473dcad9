package dev.loquat.backend.onnx.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.loquat.backend.onnx.graph.CopyGraph;
import dev.loquat.backend.onnx.graph.OnnxType;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memory, tensors and bindings of a session that copies rows of numbers. */
class NativeSessionTest {
  private NativeRuntime runtime;
  private OrtSession graph;
  private NativeSession session;
  private int openBefore;

  @BeforeEach
  void open() throws OrtException {
    graph =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "loquat")
            .createSession(CopyGraph.model());
    runtime = NativeRuntime.find().orElseThrow();
    openBefore = runtime.openHandles();
    session = new NativeSession(runtime, graph);
  }

  @AfterEach
  void close() throws OrtException {
    session.close();
    session.close();
    graph.close();
    assertThat(runtime.openHandles()).as("native objects left").isEqualTo(openBefore);
  }

  @Test
  void asksWhereInputsAreRead() {
    assertThat(session.place(CopyGraph.HELD).isOnHost()).isTrue();
    assertThat(session.place(CopyGraph.HELD).name()).isEqualTo("cpu:0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> session.place("nothing"))
        .withMessage("The session has no input 'nothing'");
  }

  @Test
  void continuesRowsWithZeros() throws OrtException {
    assertThat(copied(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 1))
        .containsExactly(1, 2, 3, 4, 0, 0, 5, 6, 7, 8, 0, 0);
  }

  @Test
  void cutsRows() throws OrtException {
    assertThat(copied(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, -1)).containsExactly(1, 2, 5, 6);
  }

  @Test
  void copiesAnyBits() throws OrtException {
    float[] signalling = {Float.intBitsToFloat(0x7fa00001), 0, 0, 0, 0, 0, 0, -0f};
    assertThat(Float.floatToRawIntBits(copied(signalling, 0)[0])).isEqualTo(0x7fa00001);
    assertThat(Float.floatToRawIntBits(copied(signalling, 0)[7])).isEqualTo(0x80000000);
  }

  @Test
  void runsAgainWithWhatLiesThereNow() throws OrtException {
    try (Memory from = numbers(1, 2, 3, 4);
        Memory to = new Memory(4 * Float.BYTES);
        Memory added = added(0);
        NativeTensor held = view(from, 1, 2, 2);
        NativeTensor copy = view(to, 1, 2, 2);
        NativeTensor pads = pads(added);
        NativeBinding binding = session.bind()) {
      binding.input(CopyGraph.HELD, held);
      binding.input(CopyGraph.ADDED, pads);
      binding.output(CopyGraph.COPY, copy);
      binding.run();
      from.setFloat(0, 9);
      binding.run();
      assertThat(to.getFloatArray(0, 4)).containsExactly(9, 2, 3, 4);
    }
  }

  @Test
  void givesBackWhatTheAllocatorKeeps() throws OrtException {
    try (NativeTensor large = session.allocate(session.place(CopyGraph.HELD), 64 << 20)) {
      new Pointer(large.address()).setByte(0, (byte) 7);
      assertThat(new Pointer(large.address()).getByte(0)).isEqualTo((byte) 7);
    }
    try (Memory from = numbers(1, 2);
        Memory to = new Memory(2 * Float.BYTES);
        Memory added = added(0);
        NativeTensor held = view(from, 1, 1, 2);
        NativeTensor copy = view(to, 1, 1, 2);
        NativeTensor pads = pads(added);
        NativeBinding binding = session.bind()) {
      binding.input(CopyGraph.HELD, held);
      binding.input(CopyGraph.ADDED, pads);
      binding.output(CopyGraph.COPY, copy);
      binding.runAndShrink(session.place(CopyGraph.HELD));
      assertThat(to.getFloatArray(0, 2)).containsExactly(1, 2);
    }
  }

  @Test
  void failsInTheWordsOfTheRuntime() throws OrtException {
    try (Memory from = numbers(1, 2);
        NativeTensor held = view(from, 1, 1, 2);
        NativeBinding binding = session.bind()) {
      assertThatExceptionOfType(OrtException.class)
          .isThrownBy(() -> binding.input("nothing", held))
          .withMessageContaining("nothing");
      assertThatExceptionOfType(OrtException.class)
          .isThrownBy(() -> view(from, 1, 1, 200))
          .withMessageContaining("not enough space");
    }
    assertThatExceptionOfType(OrtException.class)
        .isThrownBy(() -> session.allocate(session.place(CopyGraph.HELD), 1L << 55))
        .withMessageContaining("Failed to allocate memory");
  }

  @Test
  void refusesWhatWasReleased() throws OrtException {
    NativeBinding binding = session.bind();
    binding.close();
    binding.close();
    assertThatIllegalStateException().isThrownBy(binding::run);
  }

  /** Two rows of two positions of two numbers, with so many positions more. */
  private float[] copied(float[] numbers, int addedPositions) throws OrtException {
    int count = 2 * (2 + addedPositions) * 2;
    try (Memory from = numbers(numbers);
        Memory to = new Memory((long) count * Float.BYTES);
        Memory added = added(addedPositions);
        NativeTensor held = view(from, 2, 2, 2);
        NativeTensor copy = view(to, 2, 2 + addedPositions, 2);
        NativeTensor pads = pads(added);
        NativeBinding binding = session.bind()) {
      binding.input(CopyGraph.HELD, held);
      binding.input(CopyGraph.ADDED, pads);
      binding.output(CopyGraph.COPY, copy);
      binding.awaitInputs();
      binding.run();
      return to.getFloatArray(0, count);
    }
  }

  private NativeTensor view(Memory memory, long rows, long positions, long width)
      throws OrtException {
    return session.view(
        session.host(),
        Pointer.nativeValue(memory),
        memory.size(),
        OnnxType.FLOAT,
        List.of(rows, positions, width));
  }

  private NativeTensor pads(Memory added) throws OrtException {
    return session.view(
        session.host(), Pointer.nativeValue(added), added.size(), OnnxType.INT64, List.of(6L));
  }

  private static Memory added(long positions) {
    Memory added = new Memory(6L * Long.BYTES);
    added.write(0, new long[] {0, 0, 0, 0, positions, 0}, 0, 6);
    return added;
  }

  private static Memory numbers(float... numbers) {
    Memory memory = new Memory((long) numbers.length * Float.BYTES);
    memory.write(0, numbers, 0, numbers.length);
    return memory;
  }
}
