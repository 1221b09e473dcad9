package dev.loquat.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.Loquat;
import dev.loquat.backend.Backend;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import dev.loquat.device.Device;
import dev.loquat.device.DeviceInfo;
import dev.loquat.device.Precision;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@link SmolLm2Contract} on the first NVIDIA GPU, which must be there, and what only a GPU shows:
 * memory that goes back to the device, and sequences that share a step. Has the tag {@code gpu}.
 */
@Tag("gpu")
public abstract class SmolLm2GpuContract extends SmolLm2Contract {
  private static final long NOISE_BYTES = 64L << 20;
  private static final int STEPS = 64;

  /** Creates the suite. */
  protected SmolLm2GpuContract() {}

  @Override
  protected Device device() {
    return Device.cuda(0);
  }

  @Override
  protected boolean demandsDevice() {
    return true;
  }

  /**
   * How far a log-probability may be from transformers' in single precision on a CPU.
   *
   * @param precision the precision asked for, in which a GPU computes
   * @return by default 2e-3 for FP32, 0.05 for FP16, 0.4 for BF16 and INT8, 2 for INT4
   */
  @Override
  protected double logProbabilityTolerance(Precision precision) {
    return switch (precision) {
      case FP32 -> 2e-3;
      case FP16 -> 0.05;
      case BF16, INT8 -> 0.4;
      case INT4, INT4_SYMMETRIC -> 2;
      case AUTO -> throw new IllegalArgumentException("AUTO is chosen before a backend is asked");
    };
  }

  /** The first model's opening leaves the engine's own memory behind, which stays. */
  @Test
  void givesMemoryBackWhenClosed() {
    decodeTokensPerSecond(8);
    long free = freeBytes();
    decodeTokensPerSecond(8);
    decodeTokensPerSecond(8);
    assertThat(freeBytes()).isGreaterThan(free - NOISE_BYTES);
  }

  @Test
  void decodesEightSequencesFasterThanOne() {
    double one = decodeTokensPerSecond(1);
    double eight = decodeTokensPerSecond(8);
    System.out.printf(
        "%s on %s: decode of 1 sequence %.0f tokens/s, of 8 together %.0f tokens/s%n",
        provider().name(), device(), one, eight);
    assertThat(eight).isGreaterThan(one);
  }

  /** In FP16, as GPUs are used; the second of two rounds, since the first may compile kernels. */
  private double decodeTokensPerSecond(int sequences) {
    try (Backend backend = openSmolLm2(Precision.FP16);
        DecoderSession session = backend.openSession(new CacheLayout(sequences, STEPS))) {
      decode(session);
      long start = System.nanoTime();
      decode(session);
      return (double) sequences * STEPS / (System.nanoTime() - start) * 1e9;
    }
  }

  /** Reads the logits of every step, which waits for the device. */
  private static void decode(DecoderSession session) {
    for (int position = 0; position < STEPS; position++) {
      Logits logits = session.forward(decodes(session.layout().slots(), position));
      logits.read(0, new float[logits.vocabularySize()]);
    }
  }

  private static ForwardBatch decodes(int slots, int position) {
    int[] token = {504};
    return new ForwardBatch(
        IntStream.range(0, slots)
            .mapToObj(slot -> new ForwardRow(slot, position, token, 1))
            .toList());
  }

  private long freeBytes() {
    return Loquat.devices().found().stream()
        .filter(report -> report.info().device().equals(device()))
        .map(report -> report.info())
        .mapToLong(DeviceInfo::freeBytes)
        .findFirst()
        .orElseThrow();
  }
}
