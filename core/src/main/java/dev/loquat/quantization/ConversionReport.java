package dev.loquat.quantization;

import java.time.Duration;
import java.util.Objects;

/**
 * How a model's converted weights came about.
 *
 * @param origin where they came from
 * @param bytes their codes, scales and offsets
 * @param duration how long it took to convert or to check them
 * @param note why they could not be taken from the cache or be kept in it, where that is not just
 *     that it has none yet; else empty
 */
public record ConversionReport(Origin origin, long bytes, Duration duration, String note) {

  /** Where converted weights came from. */
  public enum Origin {
    /** Read back from the cache. */
    CACHE,
    /** Converted and written to the cache. */
    CONVERTED,
    /** Converted into memory, for there is no cache or it could not be written. */
    CONVERTED_IN_MEMORY
  }

  /** Checks for nulls. */
  public ConversionReport {
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(duration, "duration");
    Objects.requireNonNull(note, "note");
  }
}
