package dev.loquat.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryProbeTest {
  private static final long MIB = 1 << 20;
  private static final MemoryReading BEFORE = new MemoryReading(0, 100 * MIB);
  private static final MemoryReading LOADED = new MemoryReading(513 * MIB + MIB / 2, 640 * MIB);

  @Test
  void printsEachPhaseWithItsChange() {
    MemoryProbe probe =
        new MemoryProbe(
            Map.of(
                MemoryPhase.BEFORE_LOAD, BEFORE,
                MemoryPhase.AFTER_LOAD, LOADED,
                MemoryPhase.AFTER_INPUT, new MemoryReading(524 * MIB, 655 * MIB),
                MemoryPhase.PEAK, new MemoryReading(20_480 * MIB, 671 * MIB),
                MemoryPhase.AFTER_GENERATE, new MemoryReading(524 * MIB, 670 * MIB),
                MemoryPhase.AFTER_CLEANUP, new MemoryReading(0, 99 * MIB)));
    assertThat(probe.table())
        .isEqualTo(
            """
            phase            device MiB     change  process MiB     change
            before load             0.0       +0.0        100.0       +0.0
            after load            513.5     +513.5        640.0     +540.0
            after input           524.0     +524.0        655.0     +555.0
            peak                20480.0   +20480.0        671.0     +571.0
            after generate        524.0     +524.0        670.0     +570.0
            after cleanup           0.0       +0.0         99.0       -1.0""");
  }

  @Test
  void printsADashForWhatIsNotMeasuredOrUnknown() {
    MemoryProbe probe =
        new MemoryProbe(
            Map.of(
                MemoryPhase.BEFORE_LOAD,
                new MemoryReading(0, MemoryReading.UNKNOWN),
                MemoryPhase.AFTER_LOAD,
                LOADED));
    assertThat(probe.table())
        .isEqualTo(
            """
            phase            device MiB     change  process MiB     change
            before load             0.0       +0.0            -          -
            after load            513.5     +513.5        640.0          -
            after input               -          -            -          -
            peak                      -          -            -          -
            after generate            -          -            -          -
            after cleanup             -          -            -          -""");
  }

  @Test
  void printsTheSameInEveryLocale() {
    MemoryProbe probe = new MemoryProbe(Map.of(MemoryPhase.AFTER_LOAD, LOADED));
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(probe.table()).contains("513.5");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void givesThePhasesThatWereMeasured() {
    MemoryProbe probe = new MemoryProbe(Map.of(MemoryPhase.AFTER_LOAD, LOADED));
    assertThat(probe.at(MemoryPhase.AFTER_LOAD)).contains(LOADED);
    assertThat(probe.at(MemoryPhase.PEAK)).isEmpty();
  }

  @Test
  void doesNotChangeWithTheMapItWasMadeOf() {
    Map<MemoryPhase, MemoryReading> readings = new EnumMap<>(MemoryPhase.class);
    MemoryProbe probe = new MemoryProbe(readings);
    readings.put(MemoryPhase.PEAK, LOADED);
    assertThat(probe.readings()).isEmpty();
  }

  @Test
  void refusesNegativeReadings() {
    assertThatThrownBy(() -> new MemoryReading(-2, 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "A memory reading has -2 bytes on the device and 7 in the process;"
                + " expected 0 or more, or -1 where unknown");
  }
}
