package dev.loquat.quantization;

import dev.loquat.checkpoint.Tensor;
import dev.loquat.checkpoint.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What tells converted weights from others: the weights' names, shapes, types and formats, lengths
 * and times of their files, and samples of their bytes. To digest every byte would take longer than
 * to load what the cache holds.
 */
final class CheckpointDigest {
  /** Counts up when the layout, the rounding or the digest changes. */
  static final int VERSION = 3;

  private static final int SAMPLES = 16;
  private static final int SAMPLE_BYTES = 1024;

  private final MessageDigest digest = sha256();

  private CheckpointDigest() {}

  /**
   * Digests weights and formats.
   *
   * @return 32 bytes
   */
  static byte[] of(List<WeightStack> stacks) throws IOException {
    CheckpointDigest digest = new CheckpointDigest();
    digest.add("version " + VERSION);
    for (WeightStack stack : stacks) {
      digest.add(stack.name() + " " + stack.format());
      for (Tensor tensor : stack.tensors()) {
        digest.add(tensor);
      }
    }
    return digest.digest.digest();
  }

  /**
   * Digests weights and the name of a form.
   *
   * @return 32 bytes
   */
  static byte[] of(String form, List<Tensor> weights) throws IOException {
    CheckpointDigest digest = new CheckpointDigest();
    digest.add("form " + form);
    for (Tensor tensor : weights) {
      digest.add(tensor);
    }
    return digest.digest.digest();
  }

  private void add(Tensor tensor) throws IOException {
    TensorInfo info = tensor.info();
    add(info.name() + " " + info.type() + " " + info.shape() + " " + info.fileOffset());
    add(Files.size(info.file()) + " " + Files.getLastModifiedTime(info.file()));
    add("samples " + samples(tensor));
  }

  /** Of 3 MB for SmolLM2; the processor has an instruction for it that needs no warm JVM. */
  private static long samples(Tensor tensor) {
    long length = tensor.info().byteLength();
    long gap = Math.max(1, (length - SAMPLE_BYTES) / (SAMPLES - 1));
    CRC32C checksum = new CRC32C();
    ByteBuffer sample = ByteBuffer.allocate(SAMPLE_BYTES);
    for (int i = 0; i < SAMPLES && i * gap < length; i++) {
      sample.clear().limit((int) Math.min(SAMPLE_BYTES, length - i * gap));
      tensor.readBytes(i * gap, sample);
      checksum.update(sample.flip());
    }
    return checksum.getValue();
  }

  private void add(String text) {
    digest.update((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
