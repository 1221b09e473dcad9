package dev.loquat.backend.onnx.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.loquat.backend.onnx.capi.NativeRuntime;
import dev.loquat.backend.onnx.capi.NativeSession;
import dev.loquat.backend.onnx.graph.CopyGraph;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BoundPathTest {
  private static final OrtEnvironment ENVIRONMENT =
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "loquat");

  @Test
  void closesTheSessionThoughTheMemoryCanNotBeClosed() throws OrtException {
    NativeRuntime runtime = NativeRuntime.find().orElseThrow();
    int before = runtime.openHandles();
    try (OrtSession decoder = session()) {
      OrtSession copies = session();
      NativeSession seen = new NativeSession(runtime, decoder);
      BoundPath path =
          BoundPath.onDevice(runtime, seen, seen.place(CopyGraph.HELD), copies, Optional.empty());
      path.memory().allocate(64, "a test").close();
      copies.close();
      assertThatIllegalStateException().isThrownBy(path::close);
    }
    assertThat(runtime.openHandles()).as("native objects left").isEqualTo(before);
  }

  private static OrtSession session() throws OrtException {
    return ENVIRONMENT.createSession(CopyGraph.model());
  }
}
