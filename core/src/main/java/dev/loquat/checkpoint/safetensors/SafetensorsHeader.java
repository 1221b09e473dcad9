package dev.loquat.checkpoint.safetensors;

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

/** Reads and checks the header of a safetensors file. */
final class SafetensorsHeader {
  /** The reference implementation's limit on the header's length, in bytes. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private static final int PREFIX_BYTES = Long.BYTES;

  /** How the text begins that Git LFS leaves in a file's place: {@code version }. */
  private static final long GIT_LFS_POINTER =
      ByteBuffer.wrap("version ".getBytes(StandardCharsets.US_ASCII))
          .order(ByteOrder.LITTLE_ENDIAN)
          .getLong();

  /** By begin, then end: an empty tensor begins where the next one does. */
  private static final Comparator<StoredTensor> IN_FILE =
      Comparator.comparingLong(StoredTensor::fileOffset)
          .thenComparingLong(StoredTensor::byteLength);

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
  static List<StoredTensor> read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long fileBytes = channel.size();
      long headerBytes = headerLength(file, channel, fileBytes);
      byte[] header = readFully(file, channel, (int) headerBytes).array();
      return new SafetensorsHeader(file, fileBytes, PREFIX_BYTES + headerBytes)
          .tensors(HeaderParser.parse(file, header));
    }
  }

  private static long headerLength(Path file, FileChannel channel, long fileBytes)
      throws IOException {
    if (fileBytes < PREFIX_BYTES) {
      throw failure(
          file,
          "has " + fileBytes + " bytes; expected a header of 8 bytes or more. Fetch it again.");
    }
    long length = readFully(file, channel, PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length == GIT_LFS_POINTER) {
      throw failure(
          file,
          "is a pointer of Git LFS and not the weights themselves; fetch them with 'git lfs pull'.");
    }
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

  private static ByteBuffer readFully(Path file, SeekableByteChannel channel, int bytes)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw failure(file, "was cut while its header was read. Fetch it again.");
      }
    }
    return buffer.flip();
  }

  private List<StoredTensor> tensors(List<TensorEntry> entries) {
    List<StoredTensor> tensors = new ArrayList<>(entries.size());
    for (TensorEntry entry : entries) {
      tensors.add(entry.place(dataStart, fileBytes));
    }
    tensors.sort(IN_FILE);
    requireCovered(tensors);
    return tensors;
  }

  private void requireCovered(List<StoredTensor> tensors) {
    long end = dataStart;
    for (StoredTensor tensor : tensors) {
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
    if (end != fileBytes) {
      throw failure(
          file,
          "has "
              + fileBytes
              + " bytes, but its tensors end at byte "
              + end
              + "; expected nothing after them. The file is damaged; fetch it again.");
    }
  }

  static CheckpointException failure(Path file, String what) {
    return new CheckpointException(file + ": " + what);
  }
}
