package dev.loquat.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MemoryRecorderTest {
  private final MemoryRecorder recorder = new MemoryRecorder();

  @Test
  void startsEmpty() {
    assertThat(recorder.snapshot().readings()).isEmpty();
  }

  @Test
  void keepsTheLatestReadingOfAPhase() {
    recorder.record(MemoryPhase.AFTER_INPUT, new MemoryReading(5, 50));
    recorder.record(MemoryPhase.AFTER_INPUT, new MemoryReading(4, 40));
    assertThat(recorder.snapshot().at(MemoryPhase.AFTER_INPUT)).contains(new MemoryReading(4, 40));
  }

  @Test
  void raisesThePeakOfDeviceAndProcessSeparately() {
    recorder.observePeak(new MemoryReading(5, 40));
    recorder.record(MemoryPhase.PEAK, new MemoryReading(4, 50));
    assertThat(recorder.snapshot().at(MemoryPhase.PEAK)).contains(new MemoryReading(5, 50));
  }

  @Test
  void forgetsNothingKnownForAnUnknownReading() {
    recorder.observePeak(new MemoryReading(5, MemoryReading.UNKNOWN));
    recorder.observePeak(new MemoryReading(MemoryReading.UNKNOWN, 6));
    assertThat(recorder.snapshot().at(MemoryPhase.PEAK)).contains(new MemoryReading(5, 6));
  }

  @Test
  void givesSnapshotsThatStay() {
    MemoryProbe before = recorder.snapshot();
    recorder.observePeak(new MemoryReading(1, 1));
    assertThat(before.readings()).isEmpty();
  }

  @Test
  void keepsAPeakForEachPhase() {
    recorder.observe(MemoryPhase.AFTER_INPUT, new MemoryReading(9, 40));
    recorder.record(MemoryPhase.AFTER_INPUT, new MemoryReading(5, 50));
    recorder.record(MemoryPhase.AFTER_GENERATE, new MemoryReading(7, 30));
    MemoryProbe probe = recorder.snapshot();
    assertThat(probe.peak(MemoryPhase.AFTER_INPUT)).contains(new MemoryReading(9, 50));
    assertThat(probe.peak(MemoryPhase.AFTER_GENERATE)).contains(new MemoryReading(7, 30));
    assertThat(probe.peak(MemoryPhase.IDLE)).isEmpty();
    assertThat(probe.at(MemoryPhase.AFTER_INPUT)).contains(new MemoryReading(5, 50));
  }

  @Test
  void tellsWhatWasLeftAfterClose() {
    LeakCheck left = new LeakCheck(0, List.of());
    recorder.close(new MemoryReading(0, 3), left);
    assertThat(recorder.snapshot().leaks()).contains(left);
    assertThat(recorder.snapshot().at(MemoryPhase.AFTER_CLOSE)).contains(new MemoryReading(0, 3));
  }

  @Test
  void losesNoPeakOfSeveralThreads() {
    IntStream.rangeClosed(1, 100_000)
        .parallel()
        .forEach(bytes -> recorder.observePeak(new MemoryReading(bytes, 100_001 - bytes)));
    assertThat(recorder.snapshot().at(MemoryPhase.PEAK))
        .contains(new MemoryReading(100_000, 100_000));
  }

  @Property
  void neverPutsThePeakBelowAReading(@ForAll("recordings") List<Recording> recordings) {
    MemoryRecorder fresh = new MemoryRecorder();
    recordings.forEach(one -> fresh.record(one.phase(), one.reading()));
    MemoryReading peak = fresh.snapshot().at(MemoryPhase.PEAK).orElseThrow();
    assertThat(recordings).allMatch(one -> one.reading().max(peak).equals(peak));
    assertThat(recordings).anyMatch(one -> one.reading().deviceBytes() == peak.deviceBytes());
    assertThat(recordings).anyMatch(one -> one.reading().processBytes() == peak.processBytes());
  }

  @Provide
  Arbitrary<List<Recording>> recordings() {
    Arbitrary<Long> bytes = Arbitraries.longs().between(MemoryReading.UNKNOWN, 1L << 50);
    Arbitrary<MemoryReading> reading = Combinators.combine(bytes, bytes).as(MemoryReading::new);
    return Combinators.combine(Arbitraries.of(MemoryPhase.class), reading)
        .as(Recording::new)
        .list()
        .ofMinSize(1);
  }

  record Recording(MemoryPhase phase, MemoryReading reading) {}
}
