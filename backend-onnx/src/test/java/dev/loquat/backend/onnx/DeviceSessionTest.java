package dev.loquat.backend.onnx;

/** Sessions whose caches come from the runtime's allocator, as on GPUs. */
class DeviceSessionTest extends OnnxSessionTest {

  @Override
  RunMode mode() {
    return RunMode.ON_DEVICE;
  }
}
