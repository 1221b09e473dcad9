/**
 * The fluent API, the engine and the seam for backends.
 *
 * <p>{@link dev.loquat.Loquat} is where everything starts; {@code dev.loquat.backend} is for
 * authors of backends. Packages that are not exported change without notice.
 */
@SuppressWarnings("requires-automatic") // JNA and DJL's tokenizers only name their modules.
module dev.loquat {
  requires ai.djl.api;
  requires ai.djl.tokenizers;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.datatype.jdk8;
  requires com.github.benmanes.caffeine;
  requires com.sun.jna;
  requires java.net.http;
  requires jdk.jfr;
  requires jdk.management;
  requires jdk.unsupported; // to unmap files, by reflection
  requires org.slf4j; // of DJL, which as an automatic module can't name it
  requires static org.jspecify;

  exports dev.loquat;
  exports dev.loquat.backend;
  exports dev.loquat.chat;
  exports dev.loquat.checkpoint;
  exports dev.loquat.checkpoint.hub;
  exports dev.loquat.checkpoint.source;
  exports dev.loquat.constraint;
  exports dev.loquat.device;
  exports dev.loquat.diagnosis;
  exports dev.loquat.error;
  exports dev.loquat.generation;
  exports dev.loquat.memory;
  exports dev.loquat.observation;
  exports dev.loquat.quantization;
  exports dev.loquat.sampling;
  exports dev.loquat.tokenizer;

  uses dev.loquat.backend.BackendProvider;
}
