package dev.loquat.backend.onnx.binding;

/**
 * Neighbouring slots of a cache.
 *
 * @param first the first slot
 * @param count how many
 */
public record SlotRange(int first, int count) {

  int end() {
    return first + count;
  }
}
