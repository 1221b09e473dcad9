package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.loquat.error.BackendException;
import dev.loquat.error.OutOfMemoryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeFailuresTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Failed to allocate memory for requested buffer of size 1024",
        "std::bad_alloc",
        "CUDA failure 2: out of memory ; GPU=0",
        "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED",
        "Available memory of 512 is smaller than requested bytes of 1024"
      })
  void wordsOfNoMemoryAreTyped(String words) {
    assertThat(RuntimeFailures.failure("run a step", "1 token", new OrtException(words)))
        .isInstanceOf(OutOfMemoryException.class)
        .hasMessageContaining(words);
  }

  @Test
  void otherWordsAreNot() {
    assertThat(RuntimeFailures.failure("run a step", "1 token", new OrtException("Invalid rank")))
        .isExactlyInstanceOf(BackendException.class)
        .hasMessageContaining("Invalid rank");
  }
}
