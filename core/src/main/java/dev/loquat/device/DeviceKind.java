package dev.loquat.device;

/** The kinds of device that a model can run on. */
public enum DeviceKind {
  /** The processor, with the machine's memory. */
  CPU,
  /** An NVIDIA GPU. */
  CUDA,
  /** An AMD GPU. */
  ROCM,
  /** An Apple GPU, through Metal Performance Shaders. */
  MPS,
  /**
   * Files on a disk that weights stay in, while the processor computes with them; a last resort of
   * a {@link DeviceMap}.
   */
  DISK
}
