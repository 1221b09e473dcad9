package dev.loquat.backend.onnx.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.loquat.error.BackendException;
import org.junit.jupiter.api.Test;

class NativeBlockTest {

  @Test
  void readsWhatViewsWrote() {
    try (NativeBlock block = NativeBlock.allocate(16, "numbers")) {
      block.view(4, 8).putFloat(1.5f).putFloat(2.5f);
      float[] numbers = new float[2];
      block.read(4, numbers, 2);
      assertThat(numbers).containsExactly(1.5f, 2.5f);
    }
  }

  @Test
  void isNotReachedOnceClosed() {
    NativeBlock block = NativeBlock.allocate(16, "numbers");
    block.close();
    block.close();
    assertThatIllegalStateException().isThrownBy(block::view);
    assertThatIllegalStateException().isThrownBy(() -> block.read(0, new float[1], 1));
  }

  @Test
  void saysWhatMemoryWasFor() {
    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(() -> NativeBlock.allocate(Long.MAX_VALUE / 2, "a cache; use fewer slots"))
        .withMessageContaining("Could not allocate 4294967296.0 GiB")
        .withMessageContaining("a cache; use fewer slots");
  }
}
