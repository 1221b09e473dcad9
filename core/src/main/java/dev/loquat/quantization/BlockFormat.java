package dev.loquat.quantization;

/**
 * How a matrix {@code [rows, inputs]} is held in blocks along its inputs. An element is {@code
 * scale * (code - zeroPoint) + offset}, with scale and offset of its block.
 *
 * <ul>
 *   <li>Codes, {@code [rows, blocks, blockSize * bits / 8]} bytes: 8-bit codes in order, 4-bit
 *       codes two to a byte, the lower half first. A last block that is not full ends in zero
 *       points.
 *   <li>Scales, {@code [rows, blocks]} of FP32.
 *   <li>Offsets, likewise, where the format has them. Q4_1 of GGUF is this with {@code offset =
 *       minimum + 8 * scale}.
 * </ul>
 *
 * @param bits the bits of a code, 4 or 8
 * @param blockSize the elements of a block, an even number
 * @param offset whether a block has an offset; without one it is symmetric around zero
 */
public record BlockFormat(int bits, int blockSize, boolean offset) {
  /** 8-bit codes, blocks of 32. */
  public static final BlockFormat INT8 = new BlockFormat(8, 32, false);

  /** 4-bit codes with an offset, blocks of 32. */
  public static final BlockFormat INT4 = new BlockFormat(4, 32, true);

  /** 4-bit codes without an offset, blocks of 32. */
  public static final BlockFormat INT4_SYMMETRIC = new BlockFormat(4, 32, false);

  /** Checks the sizes. */
  public BlockFormat {
    if (bits != 4 && bits != 8) {
      throw new IllegalArgumentException("bits is " + bits + "; expected 4 or 8");
    }
    if (blockSize < 2 || blockSize % 2 != 0) {
      throw new IllegalArgumentException(
          "blockSize is " + blockSize + "; expected an even number of 2 or more");
    }
  }

  /**
   * The code of a block's middle.
   *
   * @return 8 or 128
   */
  public int zeroPoint() {
    return 1 << (bits - 1);
  }

  /**
   * The largest code.
   *
   * @return 15 or 255
   */
  public int largestCode() {
    return (1 << bits) - 1;
  }

  /**
   * The blocks of a row.
   *
   * @param inputs the elements of a row
   * @return the blocks, the last of which may not be full
   */
  public long blocks(long inputs) {
    return (inputs + blockSize - 1) / blockSize;
  }

  /**
   * The bytes that codes of one block take.
   *
   * @return {@code blockSize * bits / 8}
   */
  public int blockBytes() {
    return blockSize * bits / Byte.SIZE;
  }

  /**
   * The bytes that a matrix takes: codes, scales and offsets.
   *
   * @param rows its outputs
   * @param inputs the elements of a row
   * @return the sum
   */
  public long byteLength(long rows, long inputs) {
    int numbers = offset ? 2 : 1;
    return rows * blocks(inputs) * (blockBytes() + numbers * Float.BYTES);
  }
}
