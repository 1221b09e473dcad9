package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.platform.Fp16Conversions;
import dev.loquat.backend.onnx.graph.OnnxType;
import dev.loquat.checkpoint.RotaryConfig;
import dev.loquat.checkpoint.RotaryTable;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The cosines and sines of a stage's rotary embeddings, at least as long as the KV cache. */
public final class RotaryTables implements AutoCloseable {
  private final List<RotaryConfig> rotaries;
  private final OnnxType type;
  private final List<NativeBlock> cosines = new ArrayList<>();
  private final List<NativeBlock> sines = new ArrayList<>();
  private int positions;

  /**
   * Creates empty tables.
   *
   * @param rotaries the rotary embeddings, in the order of the graph's inputs
   * @param type the type of the tables
   */
  public RotaryTables(List<RotaryConfig> rotaries, OnnxType type) {
    this.rotaries = rotaries;
    this.type = type;
  }

  /**
   * Computes the tables anew. No tensor over the old ones may be used after.
   *
   * @param newPositions how many positions, from 0
   * @throws dev.loquat.error.BackendException if there is not enough memory; there are no tables
   *     then
   */
  public void resize(int newPositions) {
    close();
    try {
      for (RotaryConfig rotary : rotaries) {
        RotaryTable table = new RotaryTable(rotary);
        cosines.add(block(table.cosines(newPositions)));
        sines.add(block(table.sines(newPositions)));
      }
      positions = newPositions;
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** The positions that the tables cover; 0 where there are none. */
  int positions() {
    return positions;
  }

  long[] shape(int rotary) {
    return new long[] {positions, rotaries.get(rotary).dimension() / 2};
  }

  long byteLength() {
    return Stream.concat(cosines.stream(), sines.stream()).mapToLong(NativeBlock::byteLength).sum();
  }

  int count() {
    return rotaries.size();
  }

  ByteBuffer cosines(int rotary) {
    return cosines.get(rotary).view();
  }

  ByteBuffer sines(int rotary) {
    return sines.get(rotary).view();
  }

  @Override
  public void close() {
    positions = 0;
    cosines.forEach(NativeBlock::close);
    sines.forEach(NativeBlock::close);
    cosines.clear();
    sines.clear();
  }

  private NativeBlock block(float[] numbers) {
    NativeBlock block =
        NativeBlock.allocate(
            (long) numbers.length * type.byteSize(), "rotary tables; use a shorter context");
    try {
      fill(block, FloatBuffer.wrap(numbers));
      return block;
    } catch (RuntimeException | Error e) {
      block.close();
      throw e;
    }
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
