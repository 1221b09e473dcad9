package dev.loquat.backend.onnx;

import dev.loquat.backend.Support;
import dev.loquat.checkpoint.AttentionConfig;
import dev.loquat.checkpoint.ModelConfig;

/** What the runtime's fused attention can do of a model. */
final class ModelSupport {
  private static final int HEAD_DIM_STEP = 16;

  private ModelSupport() {}

  static Support of(ModelConfig model) {
    for (int layer = 0; layer < model.layers().size(); layer++) {
      String lack = lack(model.layers().get(layer).attention());
      if (!lack.isEmpty()) {
        return Support.no("layer " + layer + " of the " + model.modelType() + " model: " + lack);
      }
    }
    return Support.yes();
  }

  private static String lack(AttentionConfig attention) {
    if (attention.headDim() % HEAD_DIM_STEP != 0) {
      return "head dim is "
          + attention.headDim()
          + "; ONNX Runtime's rotary attention takes multiples of "
          + HEAD_DIM_STEP;
    }
    if (attention.rotary().dimension() != attention.headDim()) {
      return "only "
          + attention.rotary().dimension()
          + " of "
          + attention.headDim()
          + " elements of a head are rotated; ONNX Runtime's rotary attention rotates all";
    }
    return "";
  }
}
