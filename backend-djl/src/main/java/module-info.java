/** Runs models as TorchScript on PyTorch, through DJL; found by the name "djl". */
@SuppressWarnings("requires-automatic") // DJL and JNA only name their modules.
module dev.loquat.backend.djl {
  requires ai.djl.api;
  requires ai.djl.pytorch_engine;
  requires com.sun.jna;
  requires transitive dev.loquat;
  requires static org.jspecify;

  exports dev.loquat.backend.djl;

  provides dev.loquat.backend.BackendProvider with
      dev.loquat.backend.djl.DjlBackendProvider;
}
