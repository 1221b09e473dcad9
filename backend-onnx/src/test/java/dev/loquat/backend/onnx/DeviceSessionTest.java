package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loquat.backend.CacheLayout;
import dev.loquat.error.OutOfMemoryException;
import org.junit.jupiter.api.Test;

/** Sessions whose caches come from the runtime's allocator, as on GPUs. */
class DeviceSessionTest extends OnnxSessionTest {

  @Override
  RunMode mode() {
    return RunMode.ON_DEVICE;
  }

  @Test
  void failsTypedWhereTheAllocatorHasNotEnough() {
    long before = backend().allocatedBytes();
    assertThatExceptionOfType(OutOfMemoryException.class)
        .isThrownBy(() -> backend().openSession(new CacheLayout(1 << 30, 256)))
        .withMessageContaining("Not enough memory to open a KV cache (1073741824 slots")
        .withMessageContaining("ONNX Runtime says:");
    assertThat(backend().allocatedBytes()).isEqualTo(before);
  }
}
