package dev.loquat.checkpoint.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.error.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Reads and checks the header of a safetensors file. */
final class SafetensorsHeader {
  /** The reference implementation's limit on the header's length, in bytes. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int PREFIX_BYTES = Long.BYTES;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Path file;
  private final long fileBytes;
  private final long dataStart;

  private SafetensorsHeader(Path file, long fileBytes, long dataStart) {
    this.file = file;
    this.fileBytes = fileBytes;
    this.dataStart = dataStart;
  }

  /**
   * Reads the tensors that a file declares.
   *
   * @param file the file, symbolic links resolved
   * @return the tensors in the order of the file
   * @throws CheckpointException if the header is malformed or the file ends before its tensors
   */
  static List<TensorInfo> read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long fileBytes = channel.size();
      long headerBytes = headerLength(file, channel, fileBytes);
      JsonNode json = parse(file, readFully(channel, (int) headerBytes));
      return new SafetensorsHeader(file, fileBytes, PREFIX_BYTES + headerBytes).tensors(json);
    }
  }

  private static long headerLength(Path file, FileChannel channel, long fileBytes)
      throws IOException {
    if (fileBytes < PREFIX_BYTES) {
      throw failure(
          file,
          "has " + fileBytes + " bytes; expected a header of 8 bytes or more. Fetch it again.");
    }
    long length = readFully(channel, PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > MAX_HEADER_BYTES) {
      throw failure(
          file,
          "declares a header of "
              + Long.toUnsignedString(length)
              + " bytes; expected 2 to "
              + MAX_HEADER_BYTES
              + ". It is no safetensors file or is damaged; fetch it again.");
    }
    if (length > fileBytes - PREFIX_BYTES) {
      throw failure(
          file,
          "declares a header of "
              + length
              + " bytes, but has only "
              + (fileBytes - PREFIX_BYTES)
              + " after its length. The file is truncated; fetch it again.");
    }
    return length;
  }

  private static ByteBuffer readFully(SeekableByteChannel channel, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
      // A read may return fewer bytes than asked for.
    }
    return buffer.flip();
  }

  private static JsonNode parse(Path file, ByteBuffer header) {
    try {
      JsonNode json = JSON.readTree(StandardCharsets.UTF_8.decode(header).toString());
      if (json.isObject()) {
        return json;
      }
      throw failure(file, "has a header that is no JSON object. It is damaged; fetch it again.");
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          name(file)
              + ": the header is no valid JSON ("
              + e.getOriginalMessage()
              + "). The file is damaged; fetch it again.",
          e);
    }
  }

  private List<TensorInfo> tensors(JsonNode json) {
    List<TensorInfo> tensors = new ArrayList<>(json.size());
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      if (!entry.getKey().equals("__metadata__")) {
        TensorEntry tensor = new TensorEntry(file, entry.getKey(), entry.getValue());
        tensors.add(tensor.info(dataStart, fileBytes));
      }
    }
    tensors.sort(Comparator.comparingLong(TensorInfo::fileOffset));
    requireCovered(tensors);
    return tensors;
  }

  private void requireCovered(List<TensorInfo> tensors) {
    long end = dataStart;
    for (TensorInfo tensor : tensors) {
      if (tensor.fileOffset() != end) {
        throw failure(
            file,
            "tensor '"
                + tensor.name()
                + "' starts at byte "
                + tensor.fileOffset()
                + ", but the one before it ends at byte "
                + end
                + "; expected neither gap nor overlap. The header lies; fetch the file again.");
      }
      end += tensor.byteLength();
    }
  }

  static CheckpointException failure(Path file, String what) {
    return new CheckpointException(name(file) + ": " + what);
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
