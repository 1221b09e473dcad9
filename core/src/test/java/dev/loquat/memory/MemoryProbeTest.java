package dev.loquat.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryProbeTest {
  private static final long MIB = 1 << 20;
  private static final MemoryReading BEFORE = new MemoryReading(0, 100 * MIB);
  private static final MemoryReading LOADED = new MemoryReading(513 * MIB + MIB / 2, 640 * MIB);

  @Test
  void printsEachPhaseWithItsChangeItsPeakAndItsOwners() {
    OwnedMemory owned = new OwnedMemory(512 * MIB, MIB + MIB / 2, 0, 10 * MIB);
    MemoryProbe probe =
        new MemoryProbe(
            Map.of(
                MemoryPhase.BEFORE_LOAD,
                BEFORE,
                MemoryPhase.AFTER_LOAD,
                LOADED,
                MemoryPhase.AFTER_OPEN,
                new MemoryReading(513 * MIB, 641 * MIB),
                MemoryPhase.AFTER_INPUT,
                new MemoryReading(524 * MIB, 655 * MIB, owned),
                MemoryPhase.PEAK,
                new MemoryReading(20_480 * MIB, 671 * MIB),
                MemoryPhase.AFTER_GENERATE,
                new MemoryReading(524 * MIB, 670 * MIB),
                MemoryPhase.IDLE,
                new MemoryReading(524 * MIB, 669 * MIB),
                MemoryPhase.AFTER_CLEANUP,
                new MemoryReading(512 * MIB, 600 * MIB),
                MemoryPhase.AFTER_CLOSE,
                new MemoryReading(0, 99 * MIB)),
            Map.of(
                MemoryPhase.AFTER_LOAD,
                new MemoryReading(514 * MIB, 700 * MIB),
                MemoryPhase.AFTER_INPUT,
                new MemoryReading(MemoryReading.UNKNOWN, 660 * MIB)),
            Optional.empty());
    assertThat(probe.table())
        .isEqualTo(
            """
            phase            device MiB     change       peak  process MiB     change       peak   weights  kv cache workspace    caches
            before load             0.0       +0.0          -        100.0       +0.0          -         -         -         -         -
            after load            513.5     +513.5      514.0        640.0     +540.0      700.0         -         -         -         -
            after open            513.0     +513.0          -        641.0     +541.0          -         -         -         -         -
            after input           524.0     +524.0          -        655.0     +555.0      660.0     512.0       1.5       0.0      10.0
            peak                20480.0   +20480.0          -        671.0     +571.0          -         -         -         -         -
            after generate        524.0     +524.0          -        670.0     +570.0          -         -         -         -         -
            idle                  524.0     +524.0          -        669.0     +569.0          -         -         -         -         -
            after cleanup         512.0     +512.0          -        600.0     +500.0          -         -         -         -         -
            after close             0.0       +0.0          -         99.0       -1.0          -         -         -         -         -""");
  }

  @Test
  void printsADashForWhatIsNotMeasuredOrUnknown() {
    MemoryReading untold = new MemoryReading(0, MemoryReading.UNKNOWN);
    assertThat(
            probe(Map.of(MemoryPhase.BEFORE_LOAD, untold, MemoryPhase.AFTER_LOAD, LOADED)).table())
        .startsWith(
            """
            phase            device MiB     change       peak  process MiB     change       peak   weights  kv cache workspace    caches
            before load             0.0       +0.0          -            -          -          -         -         -         -         -
            after load            513.5     +513.5          -        640.0          -          -         -         -         -         -
            after open                -          -          -            -          -          -         -         -         -         -
            """);
  }

  @Test
  void printsJsonOfWhatIsKnown() {
    HeldResource left = new HeldResource(MemoryOwner.KV_CACHE, "a \"cache\"", 7);
    MemoryProbe probe =
        new MemoryProbe(
            Map.of(
                MemoryPhase.AFTER_LOAD,
                new MemoryReading(5, MemoryReading.UNKNOWN, new OwnedMemory(3, 2, 0, -1))),
            Map.of(MemoryPhase.AFTER_LOAD, new MemoryReading(6, 60)),
            Optional.of(new LeakCheck(9, List.of(left))));
    assertThat(probe.json())
        .isEqualTo(
            "{\"after_load\":{\"deviceBytes\":5,\"owners\":{\"weights\":3,\"kv_cache\":2,"
                + "\"workspace\":0},\"peak\":{\"deviceBytes\":6,\"processBytes\":60,"
                + "\"owners\":{}}},\"leaks\":{\"deviceBytes\":9,\"resources\":[{\"owner\":"
                + "\"kv_cache\",\"purpose\":\"a \\\"cache\\\"\",\"bytes\":7}]}}");
  }

  @Test
  void printsTheSameInEveryLocale() {
    MemoryProbe probe = probe(Map.of(MemoryPhase.AFTER_LOAD, LOADED));
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
    MemoryProbe probe = probe(Map.of(MemoryPhase.AFTER_LOAD, LOADED));
    assertThat(probe.at(MemoryPhase.AFTER_LOAD)).contains(LOADED);
    assertThat(probe.at(MemoryPhase.PEAK)).isEmpty();
  }

  @Test
  void doesNotChangeWithTheMapItWasMadeOf() {
    Map<MemoryPhase, MemoryReading> readings = new EnumMap<>(MemoryPhase.class);
    MemoryProbe probe = probe(readings);
    readings.put(MemoryPhase.PEAK, LOADED);
    assertThat(probe.readings()).isEmpty();
  }

  private static MemoryProbe probe(Map<MemoryPhase, MemoryReading> readings) {
    return new MemoryProbe(readings, Map.of(), Optional.empty());
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
