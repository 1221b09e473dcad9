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

/**
 * What tells converted weights from others: the weights' names, shapes, types and formats, lengths
 * and times of their files, and samples of their bytes. To digest every byte would take longer than
 * to load what the cache holds.
 */
final class CheckpointDigest {
  /** Counts up when the layout or the rounding changes. */
  static final int VERSION = 2;

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
    long gap = Math.max(1, (info.byteLength() - SAMPLE_BYTES) / (SAMPLES - 1));
    for (int i = 0; i < SAMPLES && i * gap < info.byteLength(); i++) {
      addSample(tensor, i * gap);
    }
  }

  private void addSample(Tensor tensor, long start) {
    int bytes = (int) Math.min(SAMPLE_BYTES, tensor.info().byteLength() - start);
    ByteBuffer sample = ByteBuffer.allocate(bytes);
    tensor.readBytes(start, sample);
    digest.update(sample.flip());
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
