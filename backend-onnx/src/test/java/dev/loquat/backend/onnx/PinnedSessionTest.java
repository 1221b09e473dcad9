package dev.loquat.backend.onnx;

/** Sessions whose runs go by the runtime's Java API, as where its C API can't be had. */
class PinnedSessionTest extends OnnxSessionTest {

  @Override
  RunMode mode() {
    return RunMode.PINNED;
  }
}
