package dev.loquat.quantization;

import dev.loquat.checkpoint.ElementType;
import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** A matrix in an array, with a file that holds its bytes. Counts the calls that read numbers. */
final class ArrayTensor implements Tensor {
  final AtomicInteger largestRead = new AtomicInteger();
  final AtomicInteger reads = new AtomicInteger();
  final float[] elements;
  private final TensorInfo info;

  private ArrayTensor(TensorInfo info, float[] elements) {
    this.info = info;
    this.elements = elements;
  }

  static ArrayTensor of(Path folder, String name, int inputs, float... elements)
      throws IOException {
    Path file = folder.resolve(name + ".weights");
    ByteBuffer bytes =
        ByteBuffer.allocate(elements.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(elements);
    Files.write(file, bytes.array());
    List<Long> shape = List.of((long) elements.length / inputs, (long) inputs);
    return new ArrayTensor(new TensorInfo(name, ElementType.F32, shape, file, 0), elements);
  }

  static ArrayTensor random(Path folder, String name, int rows, int inputs, long seed)
      throws IOException {
    Random random = new Random(seed);
    float[] elements = new float[rows * inputs];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) random.nextGaussian() * 0.05f;
    }
    return of(folder, name, inputs, elements);
  }

  @Override
  public TensorInfo info() {
    return info;
  }

  @Override
  public void read(long elementOffset, FloatBuffer destination) {
    reads.incrementAndGet();
    largestRead.accumulateAndGet(destination.remaining(), Math::max);
    destination.put(elements, (int) elementOffset, destination.remaining());
  }

  @Override
  public void readBytes(long byteOffset, ByteBuffer destination) {
    ByteBuffer bytes =
        ByteBuffer.allocate(elements.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(elements);
    destination.put(bytes.array(), (int) byteOffset, destination.remaining());
  }
}
