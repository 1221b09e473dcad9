package dev.loquat.testkit;

import dev.loquat.checkpoint.ElementType;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** The models of the contract, each with one feature that a lowering can get wrong. */
enum ContractModel {
  PLAIN(model -> model),
  ONE_LAYER(model -> model.layers(1)),
  UNTIED_HEAD(TinyCheckpoint::untiedHead),
  MULTI_HEAD(model -> model.heads(4, 4)),
  MULTI_QUERY(model -> model.heads(4, 1)),
  WIDE_HEADS(model -> model.headDim(32)),
  NARROW_HEADS(model -> model.headDim(8)),
  ATTENTION_BIAS(TinyCheckpoint::attentionBias),
  MLP_BIAS(TinyCheckpoint::mlpBias),
  SHORT_WAVES(model -> model.ropeTheta(100)),
  LINEAR_ROPE(model -> model.linearRope(2.5)),
  LLAMA3_ROPE(model -> model.llama3Rope(8, 32)),
  YARN_ROPE(model -> model.yarnRope(4, 24)),
  SLIDING_WINDOW(model -> model.slidingWindow(11)),
  STORED_AS_F16(model -> model.elementType(ElementType.F16)),
  STORED_AS_BF16(model -> model.elementType(ElementType.BF16)),
  SHARDED(model -> model.shards(3));

  @SuppressWarnings("ImmutableEnumChecker") // the features are functions without state
  private final UnaryOperator<TinyCheckpoint> feature;

  ContractModel(UnaryOperator<TinyCheckpoint> feature) {
    this.feature = feature;
  }

  /** Writes the checkpoint into an existing folder. */
  Path writeTo(Path folder) throws IOException {
    return feature.apply(TinyCheckpoint.llama()).writeTo(folder);
  }
}
