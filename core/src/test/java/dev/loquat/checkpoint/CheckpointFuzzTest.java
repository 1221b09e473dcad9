package dev.loquat.checkpoint;

import dev.loquat.checkpoint.safetensors.SafetensorsWriter;
import dev.loquat.error.LoquatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;

/** Damaged files fail as checkpoints fail, or open; nothing else escapes. */
final class CheckpointFuzzTest {
  private static final List<String> SPLICES =
      List.of(
          "-1",
          "0",
          "1e999",
          "null",
          "[]",
          "{}",
          "true",
          "\"\"",
          "9223372036854775807",
          "NaN",
          "99999999999999999999",
          "2147483647",
          "\u0000",
          "\\u0000",
          ",",
          "}",
          "]",
          "\"",
          "\u00e9");

  private @Nullable Path folder;

  @BeforeProperty
  void writeCheckpoint() throws IOException {
    folder = LlamaFolder.in(Files.createTempDirectory("fuzz")).write();
  }

  @AfterProperty
  void deleteCheckpoint() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder());
  }

  @Property(tries = 500)
  void survivesMutatedConfigs(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int splices)
      throws IOException {
    String config = spliced(LlamaFolder.CONFIG, seed, splices);
    Files.writeString(folder().resolve("config.json"), config);
    openOrFailAsCheckpointsDo();
  }

  @Property(tries = 500)
  void survivesMutatedHeaders(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int splices)
      throws IOException {
    Path file =
        new SafetensorsWriter()
            .counting("model.embed_tokens.weight", ElementType.F32, 10, 8)
            .counting("model.norm.weight", ElementType.F32, 8)
            .write(folder().resolve("model.safetensors"));
    byte[] bytes = Files.readAllBytes(file);
    int headerEnd = bytes.length - 4 * 88;
    String header = new String(bytes, 8, headerEnd - 8, StandardCharsets.UTF_8);
    SafetensorsWriter.write(file, spliced(header, seed, splices), new byte[4 * 88]);
    openOrFailAsCheckpointsDo();
  }

  @Property(tries = 500)
  void survivesFlippedBytesAndCuts(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    Path file = LlamaFolder.in(folder()).write().resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 0; i < 3; i++) {
      bytes[random.nextInt(Math.min(200, bytes.length))] ^= (byte) (1 << random.nextInt(8));
    }
    int length = random.nextBoolean() ? bytes.length : random.nextInt(bytes.length);
    Files.write(file, Arrays.copyOf(bytes, length));
    openOrFailAsCheckpointsDo();
  }

  @SuppressWarnings("EmptyCatch")
  private void openOrFailAsCheckpointsDo() {
    try {
      Checkpoint.open(folder()).close();
    } catch (LoquatException expected) {
      // Any other exception fails the property.
    }
  }

  /** Replaces spans of a text with values that parsers trip over. */
  private static String spliced(String text, long seed, int splices) {
    Random random = new Random(seed);
    StringBuilder mutated = new StringBuilder(text);
    for (int i = 0; i < splices; i++) {
      int start = random.nextInt(mutated.length());
      int end = Math.min(mutated.length(), start + random.nextInt(6));
      mutated.replace(start, end, SPLICES.get(random.nextInt(SPLICES.size())));
    }
    return mutated.toString();
  }

  private Path folder() {
    return Objects.requireNonNull(folder, "folder");
  }
}
