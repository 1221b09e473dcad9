package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CudaShortageTest {

  @Test
  void namesTheArtifactFirstWhereTheRuntimeIsThatForProcessors() {
    assertThat(CudaShortage.of("Failed to find CUDA shared provider", false))
        .isEqualTo(
            "com.microsoft.onnxruntime:onnxruntime_gpu:1.29.0 is missing: to use CUDA, depend on it"
                + " instead of onnxruntime. ONNX Runtime says: Failed to find CUDA shared provider");
  }

  @Test
  void namesTheLibraryFirstThatTheLinkerDidNotFind() {
    String words =
        "Error code - ORT_FAIL - message: Failed to load library"
            + " /tmp/onnxruntime-java1/libonnxruntime_providers_cuda.so with error:"
            + " libcublasLt.so.12: cannot open shared object file: No such file or directory\n";
    assertThat(CudaShortage.of(words, true))
        .isEqualTo(
            "libcublasLt.so.12 is missing: com.microsoft.onnxruntime:onnxruntime_gpu:1.29.0 takes"
                + " NVIDIA's driver, CUDA 12 and cuDNN 9 on the library path. ONNX Runtime says: "
                + words.strip());
  }

  @Test
  void saysWhatItTakesInOneLineWhereNothingIsNamed() {
    assertThat(CudaShortage.of("CUDA failure 35:\n driver is too old ", true))
        .isEqualTo(
            "com.microsoft.onnxruntime:onnxruntime_gpu:1.29.0 takes NVIDIA's driver, CUDA 12 and"
                + " cuDNN 9 on the library path. ONNX Runtime says: CUDA failure 35: driver is too"
                + " old");
  }
}
