package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtEnvironment;
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
 * @param environment the runtime
 * @param session the runtime's session; whoever loaded it closes it
 * @param config the model
 * @param range the layers
 * @param rotaries the rotary embeddings, in the order of the graph's inputs
 * @param type the type of activations and rotary tables
 * @param cacheType the type of keys and values
 */
public record LoadedDecoder(
    OrtEnvironment environment,
    OrtSession session,
    ModelConfig config,
    LayerRange range,
    List<RotaryConfig> rotaries,
    OnnxType type,
    OnnxType cacheType) {

  /** Copies the list. */
  public LoadedDecoder {
    rotaries = List.copyOf(rotaries);
  }

  List<AttentionConfig> attentions() {
    return range.of(config).stream().map(LayerConfig::attention).toList();
  }
}
