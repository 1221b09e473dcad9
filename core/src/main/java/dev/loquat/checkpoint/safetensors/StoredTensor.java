package dev.loquat.checkpoint.safetensors;

import dev.loquat.checkpoint.ElementType;
import dev.loquat.checkpoint.TensorInfo;
import dev.loquat.error.UnsupportedModelException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A tensor whose place in its file was checked. Its element type may be one that nothing here can
 * read, which matters only if somebody asks for it.
 *
 * @param entry what the header declares
 * @param fileOffset the byte of the file at which its elements start
 */
record StoredTensor(TensorEntry entry, long fileOffset) {

  String name() {
    return entry.name();
  }

  Path file() {
    return entry.file();
  }

  long byteLength() {
    return entry.span();
  }

  /**
   * Describes the tensor.
   *
   * @throws UnsupportedModelException if its element type is unknown
   */
  TensorInfo info() {
    ElementType type = entry.type().orElseThrow(this::unsupported);
    return new TensorInfo(name(), type, entry.shape(), file(), fileOffset);
  }

  private UnsupportedModelException unsupported() {
    return new UnsupportedModelException(
        file()
            + ": tensor '"
            + name()
            + "' has dtype '"
            + entry.dtype()
            + "', which is not supported; supported are "
            + Arrays.toString(ElementType.values())
            + ". Use the checkpoint's FP32, FP16 or BF16 variant.");
  }
}
