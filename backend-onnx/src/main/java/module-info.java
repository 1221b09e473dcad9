/** Runs models with ONNX Runtime, from graphs built in Java; found by the name "onnx". */
@SuppressWarnings("requires-automatic") // ONNX Runtime and JNA only name their modules.
module dev.loquat.backend.onnx {
  requires com.microsoft.onnxruntime;
  requires com.sun.jna;
  requires transitive dev.loquat;
  requires static org.jspecify;

  exports dev.loquat.backend.onnx;

  provides dev.loquat.backend.BackendProvider with
      dev.loquat.backend.onnx.OnnxBackendProvider;
}
