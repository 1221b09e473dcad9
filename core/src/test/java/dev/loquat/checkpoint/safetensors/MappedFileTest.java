package dev.loquat.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.loquat.error.CheckpointException;
import dev.loquat.memory.ProcessMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class MappedFileTest {
  private static final int LENGTH = 100;
  private static final int READERS = 8;
  private static final int CUTS = 100;
  private static final int MEGABYTE = 1 << 20;

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
  @EnabledOnOs(OS.LINUX)
  void holdsNoPagesThatWereDropped() throws IOException {
    int length = 64 * MEGABYTE;
    Path large = Files.write(temp.resolve("large.safetensors"), new byte[length]);
    ProcessMemory process = ProcessMemory.current();
    ByteBuffer piece = ByteBuffer.allocate(MEGABYTE);
    try (MappedFile mapped = MappedFile.open(large)) {
      for (int at = 0; at < length; at += MEGABYTE) {
        mapped.read(at, piece.clear());
      }
      long before = process.residentBytes();
      mapped.dropPages();
      assertThat(before - process.residentBytes()).isGreaterThan(length / 2);
      mapped.read(length - MEGABYTE, piece.clear());
      assertThat(piece.remaining()).isZero();
    }
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
            .isInstanceOf(CheckpointException.class)
            .hasMessageContaining("9 bytes from byte " + offset + " can't be read");
      }
    }
  }

  @Test
  void saysThatTheFileWasCutSinceItWasOpened() throws IOException {
    try (MappedFile mapped = MappedFile.open(file, 4)) {
      truncate(file, 50);
      mapped.read(41, ByteBuffer.allocate(9));
      assertThatThrownBy(() -> mapped.read(42, ByteBuffer.allocate(9)))
          .isInstanceOf(CheckpointException.class)
          .hasMessage(
              file
                  + ": 9 bytes from byte 42 can't be read; the file has 50 bytes, and"
                  + " had 100 when it was opened. It was cut or its disk failed; fetch it again.");
    }
  }

  @Test
  void failsAsACheckpointDoesWhenTheFileIsCutDuringACopy() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    for (int round = 0; round < CUTS; round++) {
      Path large = Files.write(temp.resolve("large.safetensors"), new byte[MEGABYTE]);
      CountDownLatch reading = new CountDownLatch(1);
      try (MappedFile mapped = MappedFile.open(large)) {
        Future<CheckpointException> reader = thread.submit(() -> readUntilCut(mapped, reading));
        reading.await();
        truncate(large, 10);
        assertThat(reader.get()).hasMessageContaining("the file has 10 bytes");
      }
    }
    thread.shutdown();
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

  /** Whatever the JVM still owes the thread afterwards comes out here, too. */
  private static CheckpointException readUntilCut(MappedFile mapped, CountDownLatch reading) {
    ByteBuffer bytes = ByteBuffer.allocate(MEGABYTE);
    CheckpointException failure =
        catchThrowableOfType(
            CheckpointException.class,
            () -> {
              while (true) {
                mapped.read(0, bytes.clear());
                reading.countDown();
              }
            });
    PendingFault.raise(1);
    return failure;
  }

  private static void truncate(Path file, long bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(bytes);
    }
  }
}
