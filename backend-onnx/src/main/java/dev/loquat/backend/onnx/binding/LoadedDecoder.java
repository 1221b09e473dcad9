package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.loquat.backend.onnx.graph.OnnxType;
import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.LayerConfig;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.checkpoint.ModelConfig;
import dev.loquat.checkpoint.RotaryConfig;
import java.util.List;

/**
 * A range of a decoder's layers that the runtime has loaded.
 *
 * @param session the runtime's session; closed by this
 * @param path the way to the session; closed by this, before the session
 * @param config the model
 * @param range the layers
 * @param rotaries the rotary embeddings, in the order of the graph's inputs
 * @param rotaryType the type of rotary tables
 * @param cacheType the type of keys and values
 */
public record LoadedDecoder(
    OrtSession session,
    RunPath path,
    ModelConfig config,
    LayerRange range,
    List<RotaryConfig> rotaries,
    OnnxType rotaryType,
    OnnxType cacheType)
    implements AutoCloseable {

  /** Copies the list. */
  public LoadedDecoder {
    rotaries = List.copyOf(rotaries);
  }

  /**
   * Closes the way and then the session, also if the way fails.
   *
   * @throws OrtException if the runtime fails
   */
  @Override
  public void close() throws OrtException {
    try (session) {
      path.close();
    }
  }

  List<AttentionConfig> attentions() {
    return range.of(config).stream().map(LayerConfig::attention).toList();
  }
}
