package dev.loquat.device;

import java.util.Locale;
import java.util.Objects;

/**
 * One device of this machine: a kind and its number among the devices of that kind.
 *
 * <p>A name only: that a value exists does not say that the machine has the device.
 *
 * @param kind the kind
 * @param index the number among devices of the kind, from 0; always 0 for MPS and the disk. The
 *     machine's processor is CPU 0; others are parts of its memory that a {@link DeviceMap} may
 *     tell apart
 */
public record Device(DeviceKind kind, int index) {

  /** Checks the index. */
  public Device {
    Objects.requireNonNull(kind, "kind");
    boolean single = kind == DeviceKind.MPS || kind == DeviceKind.DISK;
    if (index < 0 || (single && index > 0)) {
      throw new IllegalArgumentException(
          "Device index is "
              + index
              + "; expected "
              + (single ? "0" : "0 or more")
              + " for "
              + kind);
    }
  }

  /**
   * The processor.
   *
   * @return the CPU device
   */
  public static Device cpu() {
    return new Device(DeviceKind.CPU, 0);
  }

  /**
   * A part of the processor's memory, for a {@link DeviceMap}.
   *
   * @param index its number, from 0; 0 is the processor itself
   * @return the device
   */
  public static Device cpu(int index) {
    return new Device(DeviceKind.CPU, index);
  }

  /**
   * An NVIDIA GPU.
   *
   * @param index its number as CUDA counts, from 0
   * @return the device
   */
  public static Device cuda(int index) {
    return new Device(DeviceKind.CUDA, index);
  }

  /**
   * An AMD GPU.
   *
   * @param index its number as HIP counts, from 0
   * @return the device
   */
  public static Device rocm(int index) {
    return new Device(DeviceKind.ROCM, index);
  }

  /**
   * The Apple GPU.
   *
   * @return the device
   */
  public static Device mps() {
    return new Device(DeviceKind.MPS, 0);
  }

  /**
   * The disk, for a {@link DeviceMap}: weights stay in files that the system may drop from memory
   * and read again, and the processor computes with them. KV cache and workspace are in memory.
   *
   * @return the disk
   */
  public static Device disk() {
    return new Device(DeviceKind.DISK, 0);
  }

  /**
   * Reads the form that {@link #toString} writes: {@code cpu}, {@code cpu:1}, {@code cuda}, {@code
   * cuda:1}, {@code rocm:0}, {@code mps}, {@code disk}.
   *
   * @param text the text, in any case; a missing index is 0
   * @return the device
   * @throws IllegalArgumentException if it has another form
   */
  public static Device parse(String text) {
    String[] parts = text.strip().toUpperCase(Locale.ROOT).split(":", 2);
    try {
      int index = parts.length == 1 ? 0 : Integer.parseInt(parts[1]);
      return new Device(DeviceKind.valueOf(parts[0]), index);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no device; expected cpu, cuda:N, rocm:N or mps", e);
    }
  }

  /**
   * The device of the machine that this one is a part of.
   *
   * @return CPU 0 for every CPU and for the disk, whose layers it computes; otherwise the device
   *     itself
   */
  public Device physical() {
    return kind == DeviceKind.CPU || kind == DeviceKind.DISK ? cpu() : this;
  }

  /**
   * The device that a backend is asked for.
   *
   * @return the disk itself, for any other {@link #physical()}
   */
  public Device forBackend() {
    return kind == DeviceKind.DISK ? this : physical();
  }

  @Override
  public String toString() {
    String name = kind.name().toLowerCase(Locale.ROOT);
    boolean plain =
        kind == DeviceKind.MPS || kind == DeviceKind.DISK || (kind == DeviceKind.CPU && index == 0);
    return plain ? name : name + ":" + index;
  }
}
