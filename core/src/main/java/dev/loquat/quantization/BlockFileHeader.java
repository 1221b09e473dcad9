package dev.loquat.quantization;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first bytes of a file of converted weights, little-endian: {@code "LOQUATQ\n"}, {@link
 * CheckpointDigest#VERSION} as int32, the key's 32 bytes, the length of the weights as int64, their
 * CRC-32C as int64, and zeros up to {@value #LENGTH} bytes. A reader knows every one of them in
 * advance, so nothing is parsed.
 *
 * <p>Not a record, for a key is an array.
 */
final class BlockFileHeader {
  static final int LENGTH = 4096;

  private static final String MAGIC = "LOQUATQ\n";

  private final byte[] bytes;

  BlockFileHeader(byte[] key, long length, long checksum) {
    bytes =
        ByteBuffer.allocate(LENGTH)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(MAGIC.getBytes(StandardCharsets.US_ASCII))
            .putInt(CheckpointDigest.VERSION)
            .put(key)
            .putLong(length)
            .putLong(checksum)
            .array();
  }

  byte[] bytes() {
    return bytes.clone();
  }

  boolean equalsBytes(byte[] others) {
    return Arrays.equals(bytes, others);
  }
}
