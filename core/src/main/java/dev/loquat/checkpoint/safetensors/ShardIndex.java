package dev.loquat.checkpoint.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.loquat.error.CheckpointException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The list of which shard holds which tensor.
 *
 * @param shardOf the shards' file names by tensor
 */
public record ShardIndex(Map<String, String> shardOf) {
  /** 256 bytes for each tensor that a header may hold; published lists take below 150. */
  private static final long MAX_BYTES = 256L * HeaderParser.MAX_ENTRIES;

  /** Copies the map. */
  public ShardIndex {
    shardOf = Collections.unmodifiableMap(new LinkedHashMap<>(shardOf));
  }

  /**
   * Reads a list.
   *
   * @param file the list
   * @return the list, its file names plain: none leads out of the folder
   * @throws CheckpointException if it is malformed
   * @throws IOException if it can't be read
   */
  public static ShardIndex read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new CheckpointException(
          file
              + " has "
              + Files.size(file)
              + " bytes; expected at most "
              + MAX_BYTES
              + ". Fetch it again.");
    }
    Map<String, String> shardOf = parse(file);
    if (shardOf.isEmpty()) {
      throw new CheckpointException(
          file
              + " has no weight_map; expected an object of tensor and file names. Fetch it again.");
    }
    return new ShardIndex(shardOf);
  }

  /**
   * The shards.
   *
   * @return their file names, each once, sorted
   */
  public SortedSet<String> shards() {
    return new TreeSet<>(shardOf.values());
  }

  private static Map<String, String> parse(Path file) throws IOException {
    try (JsonParser json = StrictJson.open(Files.newInputStream(file))) {
      return new ShardIndexParser(file, json).parse();
    } catch (JsonProcessingException e) {
      throw invalid(file, e.getOriginalMessage(), e);
    } catch (CharacterCodingException e) {
      throw invalid(file, "it is not UTF-8", e);
    }
  }

  private static CheckpointException invalid(Path file, String why, IOException cause) {
    return new CheckpointException(
        file + " is no valid JSON (" + why + "). Fetch it again.", cause);
  }
}
