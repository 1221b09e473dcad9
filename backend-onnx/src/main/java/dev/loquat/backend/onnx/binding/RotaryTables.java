package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.platform.Fp16Conversions;
import dev.loquat.backend.onnx.graph.OnnxType;
import dev.loquat.checkpoint.RotaryConfig;
import dev.loquat.checkpoint.RotaryTable;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The cosines and sines of a stage's rotary embeddings, at least as long as the KV cache. */
final class RotaryTables implements AutoCloseable {
  private static final String PURPOSE = "rotary tables; use a shorter context";

  private final List<RotaryConfig> rotaries;
  private final OnnxType type;
  private final TensorMemory memory;
  private final List<Block> cosines = new ArrayList<>();
  private final List<Block> sines = new ArrayList<>();
  private int positions;

  /**
   * Creates empty tables.
   *
   * @param rotaries the rotary embeddings, in the order of the graph's inputs
   * @param type the type of the tables
   * @param memory where they lie
   */
  RotaryTables(List<RotaryConfig> rotaries, OnnxType type, TensorMemory memory) {
    this.rotaries = rotaries;
    this.type = type;
    this.memory = memory;
  }

  /**
   * Computes the tables anew. No tensor over the old ones may be used after.
   *
   * @param newPositions how many positions, from 0
   * @throws dev.loquat.error.BackendException if there is not enough memory; there are no tables
   *     then
   * @throws OrtException if the device has not enough; there are no tables then
   */
  void resize(int newPositions) throws OrtException {
    close();
    try {
      for (RotaryConfig rotary : rotaries) {
        RotaryTable table = new RotaryTable(rotary);
        cosines.add(block(table.cosines(newPositions)));
        sines.add(block(table.sines(newPositions)));
      }
      positions = newPositions;
    } catch (OrtException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** The positions that the tables cover; 0 where there are none. */
  int positions() {
    return positions;
  }

  long byteLength() {
    return Stream.concat(cosines.stream(), sines.stream()).mapToLong(Block::byteLength).sum();
  }

  int count() {
    return rotaries.size();
  }

  TensorView cosines(int rotary) {
    return view(cosines.get(rotary), rotary);
  }

  TensorView sines(int rotary) {
    return view(sines.get(rotary), rotary);
  }

  @Override
  public void close() {
    positions = 0;
    cosines.forEach(Block::close);
    sines.forEach(Block::close);
    cosines.clear();
    sines.clear();
  }

  private TensorView view(Block block, int rotary) {
    return TensorView.of(block, 0, type, positions, rotaries.get(rotary).dimension() / 2);
  }

  private Block block(float[] numbers) throws OrtException {
    NativeBlock block = NativeBlock.allocate((long) numbers.length * type.byteSize(), PURPOSE);
    try {
      fill(block, FloatBuffer.wrap(numbers));
    } catch (RuntimeException | Error e) {
      block.close();
      throw e;
    }
    return memory.take(block, PURPOSE);
  }

  private void fill(NativeBlock block, FloatBuffer source) {
    switch (type) {
      case FLOAT -> block.view().asFloatBuffer().put(source);
      case FLOAT16 ->
          block.view().asShortBuffer().put(Fp16Conversions.convertFloatBufferToFp16Buffer(source));
      case BFLOAT16 ->
          block.view().asShortBuffer().put(Fp16Conversions.convertFloatBufferToBf16Buffer(source));
      default -> throw new IllegalArgumentException(type + " is no type to compute in");
    }
  }
}
