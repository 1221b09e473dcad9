package dev.loquat.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MappedFileTest {
  private static final int LENGTH = 100;
  private static final int READERS = 8;

  @TempDir Path temp;
  private final byte[] content = new byte[LENGTH];
  private Path file;

  @BeforeEach
  void writeFile() throws IOException {
    for (int i = 0; i < LENGTH; i++) {
      content[i] = (byte) i;
    }
    file = Files.write(temp.resolve("model.safetensors"), content);
  }

  @Test
  void readsEveryRangeAcrossSegments() throws IOException {
    try (MappedFile mapped = MappedFile.open(file, 4)) {
      for (int start = 0; start <= LENGTH; start++) {
        for (int end = start; end <= LENGTH; end++) {
          byte[] bytes = new byte[end - start];
          mapped.read(start, ByteBuffer.wrap(bytes));
          assertThat(bytes).isEqualTo(Arrays.copyOfRange(content, start, end));
        }
      }
    }
  }

  @Test
  void fillsFromThePositionToTheLimit() throws IOException {
    try (MappedFile mapped = MappedFile.open(file, 4)) {
      ByteBuffer direct = ByteBuffer.allocateDirect(40).position(3).limit(33);
      mapped.read(10, direct);
      assertThat(direct.position()).isEqualTo(33);
      assertThat(direct.get(3)).isEqualTo((byte) 10);
      assertThat(direct.get(32)).isEqualTo((byte) 39);
      assertThat(direct.get(2)).isZero();
    }
  }

  @Test
  void refusesRangesThatPassTheEnd() throws IOException {
    try (MappedFile mapped = MappedFile.open(file)) {
      for (long offset : List.of(-1L, 92L, Long.MAX_VALUE, Long.MIN_VALUE)) {
        assertThatThrownBy(() -> mapped.read(offset, ByteBuffer.allocate(9)))
            .isInstanceOf(IndexOutOfBoundsException.class)
            .hasMessage("9 bytes from byte " + offset + " pass the end at 100");
      }
    }
  }

  @Test
  void closesWhileManyThreadsReadAndNeverReadsMemoryGivenBack() throws Exception {
    MappedFile mapped = MappedFile.open(file, 4);
    CountDownLatch reading = new CountDownLatch(READERS);
    ExecutorService threads = Executors.newFixedThreadPool(READERS);
    List<Future<Boolean>> readers =
        IntStream.range(0, READERS)
            .mapToObj(i -> threads.submit(() -> readUntilClosed(mapped, reading)))
            .toList();
    reading.await();
    mapped.close();
    for (Future<Boolean> reader : readers) {
      assertThat(reader.get()).isTrue();
    }
    threads.shutdown();
    assertThatIllegalStateException()
        .isThrownBy(() -> mapped.read(0, ByteBuffer.allocate(1)))
        .withMessageContaining("model.safetensors is closed");
  }

  /** True if every byte that was read before the end was right. */
  private boolean readUntilClosed(MappedFile mapped, CountDownLatch reading) {
    byte[] bytes = new byte[LENGTH];
    try {
      while (true) {
        mapped.read(0, ByteBuffer.wrap(bytes));
        reading.countDown();
        if (!Arrays.equals(bytes, content)) {
          return false;
        }
      }
    } catch (IllegalStateException e) {
      return true;
    }
  }
}
