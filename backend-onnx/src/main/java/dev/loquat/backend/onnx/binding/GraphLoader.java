package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

/** Loads graphs without weights onto the device that a decoder computes on. */
@FunctionalInterface
public interface GraphLoader {

  /**
   * Loads a graph.
   *
   * @param model the bytes of an ONNX file
   * @return the session; the caller closes it
   * @throws OrtException if the runtime fails
   */
  OrtSession load(byte[] model) throws OrtException;
}
