package dev.loquat.backend.onnx;

import dev.loquat.device.Device;
import dev.loquat.device.Precision;
import org.junit.jupiter.api.Tag;

/** Sessions whose caches lie in a GPU's memory: in FP16, for attention there has no FP32. */
@Tag("gpu")
class OnnxGpuSessionTest extends OnnxSessionTest {

  @Override
  Device device() {
    return Device.cuda(0);
  }

  @Override
  Precision precision() {
    return Precision.FP16;
  }

  @Override
  float tolerance() {
    return 0.02f;
  }
}
