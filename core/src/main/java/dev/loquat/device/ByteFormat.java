package dev.loquat.device;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Writes sizes of memory as people read them: {@code 117.7 MiB}, with a unit by size from bytes to
 * GiB. Numbers for programs are in the types that such a text is made of.
 */
public final class ByteFormat {
  private static final List<String> UNITS = List.of("bytes", "KiB", "MiB", "GiB");
  private static final int STEP = 1024;
  private static final double MEBIBYTE = STEP * STEP;
  private static final int MOST_DECIMALS = 3;
  private static final int EXACT = MOST_DECIMALS + 1;

  private final int decimals;

  private ByteFormat(int decimals) {
    this.decimals = decimals;
  }

  /**
   * A size with one decimal.
   *
   * @param bytes a size; below 0, such as {@link DeviceInfo#UNKNOWN}, is "unknown"
   * @return such as {@code 117.7 MiB}, and {@code 512 bytes} below 1 KiB
   */
  public static String text(long bytes) {
    return new ByteFormat(1).of(bytes);
  }

  /**
   * A size without its unit, for columns.
   *
   * @param bytes a size
   * @return MiB with one decimal
   */
  public static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / MEBIBYTE);
  }

  /**
   * The format for sizes that are compared: with one decimal, or as many more as keep different
   * sizes apart, or else in bytes.
   *
   * @param bytes the sizes
   * @return the format
   */
  public static ByteFormat apart(long... bytes) {
    return IntStream.rangeClosed(1, MOST_DECIMALS)
        .mapToObj(ByteFormat::new)
        .filter(format -> format.tellsApart(bytes))
        .findFirst()
        .orElseGet(() -> new ByteFormat(EXACT));
  }

  /**
   * One of the sizes.
   *
   * @param bytes the size; below 0 is "unknown"
   * @return its text
   */
  public String of(long bytes) {
    if (bytes < 0) {
      return "unknown";
    }
    double amount = bytes;
    int unit = 0;
    while (decimals != EXACT && unit < UNITS.size() - 1 && reachesNextUnit(amount)) {
      amount /= STEP;
      unit++;
    }
    return unit == 0
        ? bytes + " bytes"
        : String.format(Locale.ROOT, "%." + decimals + "f %s", amount, UNITS.get(unit));
  }

  /** Also by rounding: there are no 1024.0 MiB. */
  private boolean reachesNextUnit(double amount) {
    double scale = Math.pow(10, decimals);
    return Math.round(amount * scale) >= STEP * scale;
  }

  private boolean tellsApart(long[] bytes) {
    return Arrays.stream(bytes).distinct().count()
        == Arrays.stream(bytes).mapToObj(this::of).distinct().count();
  }
}
