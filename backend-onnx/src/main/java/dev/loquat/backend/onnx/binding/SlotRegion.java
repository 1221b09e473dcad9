package dev.loquat.backend.onnx.binding;

/**
 * One slot of a cache tensor: {@code heads} rows of {@code capacity} positions.
 *
 * @param block where it lies
 * @param offset where in the block it begins, in bytes
 * @param heads the rows
 * @param capacity the positions of a row
 * @param positionBytes the bytes of a position, a multiple of 4
 */
record SlotRegion(Block block, long offset, int heads, int capacity, long positionBytes) {

  /** Where in the block a row begins. */
  long row(int head) {
    return offset + (long) head * capacity * positionBytes;
  }
}
