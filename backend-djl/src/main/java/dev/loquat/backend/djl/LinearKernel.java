package dev.loquat.backend.djl;

/** How a matrix is held and multiplied: one class {@code Linears} of the program each. */
enum LinearKernel {
  /** As it is; on every device. */
  PLAIN("linears-plain"),
  /** Single precision in oneDNN's blocked layout; on processors. */
  MKLDNN("linears-mkldnn"),
  /** Half precision in FBGEMM's packed layout, multiplied in single precision; on processors. */
  FP16_PACKED("linears-fp16");

  private final String resource;

  LinearKernel(String resource) {
    this.resource = resource;
  }

  /** The TorchScript text of its class {@code Linears}. */
  String program() {
    return ProgramText.read(resource);
  }
}
