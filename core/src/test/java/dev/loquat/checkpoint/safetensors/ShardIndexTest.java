package dev.loquat.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loquat.error.CheckpointException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShardIndexTest {
  @TempDir Path folder;

  @Test
  void readsTheMapAndSkipsTheRest() throws IOException {
    write(
        "{\"metadata\": {\"total_size\": 8, \"more\": [{}, [1]]}, \"weight_map\":"
            + " {\"b\": \"y.safetensors\", \"a\": \"x.safetensors\", \"c\": \"y.safetensors\"},"
            + " \"other\": null} ");
    ShardIndex index = ShardIndex.read(file());
    assertThat(index.shardOf())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("a", "x.safetensors", "b", "y.safetensors", "c", "y.safetensors"));
    assertThat(index.shards()).containsExactly("x.safetensors", "y.safetensors");
  }

  @Test
  void refusesATensorThatIsListedTwice() throws IOException {
    assertThatReading("{\"weight_map\": {\"a\": \"x.safetensors\", \"a\": \"y.safetensors\"}}")
        .withMessage(file() + " is no valid JSON (Duplicate field 'a'). Fetch it again.");
    assertThatReading("{\"weight_map\": {}, \"weight_map\": {}}")
        .withMessageContaining("Duplicate field 'weight_map'");
  }

  @Test
  void refusesMoreNamesAndValuesThanAnyListHas() throws IOException {
    String many = "0,".repeat(ShardIndexParser.MAX_TOKENS) + "0";
    assertThatReading("{\"metadata\": [" + many + "]}")
        .withMessage(file() + " has more than 524288 names and values, the most that are read");
  }

  @Test
  void refusesFilesThatAreTooLargeBeforeTheyAreRead() throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(file().toFile(), "rw")) {
      sparse.setLength((32 << 20) + 1);
    }
    assertThatReading()
        .withMessage(
            file() + " has 33554433 bytes; expected at most 33554432. Fetch it" + " again.");
  }

  @Test
  void refusesWhatIsNoList() throws IOException {
    assertThatReading("[]").withMessageContaining("has as content no object");
    assertThatReading("{\"weight_map\": []}").withMessageContaining("has as weight_map no object");
    assertThatReading("{}").withMessageContaining("has no weight_map; expected an object");
    assertThatReading("{\"weight_map\": {}}").withMessageContaining("has no weight_map");
    assertThatReading("").withMessageContaining("ends before its object does");
    assertThatReading("{\"weight_map\": {\"a\"").withMessageContaining("is no valid JSON");
    assertThatReading("{} {}").withMessageContaining("has more than spaces after its object");
    assertThatReading("{\"weight_map\": {\"a\": {}}}")
        .withMessageContaining("lists the file \"{\"; expected a plain name");
    Files.write(file(), "{\"\u00ff\": 0}".getBytes(StandardCharsets.ISO_8859_1));
    assertThatReading().withMessageContaining("it is not UTF-8");
  }

  private ThrowableAssertAlternative<CheckpointException> assertThatReading(String json)
      throws IOException {
    write(json);
    return assertThatReading();
  }

  private ThrowableAssertAlternative<CheckpointException> assertThatReading() {
    return assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> ShardIndex.read(file()));
  }

  private void write(String json) throws IOException {
    Files.writeString(file(), json);
  }

  private Path file() {
    return folder.resolve("model.safetensors.index.json");
  }
}
