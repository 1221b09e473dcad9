package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OrtException;
import dev.loquat.backend.onnx.graph.GraphValues;

/**
 * What every run over the same slots binds: their part of the cache, as inputs and in place as
 * outputs, and the rotary tables.
 */
final class BoundSlots {
  private BoundSlots() {}

  /** A binding over some slots, which lasts until cache or tables move; the caller closes it. */
  static SlotBinding of(
      LoadedDecoder decoder, KvCache cache, RotaryTables rotaries, SlotRange range)
      throws OrtException {
    SlotBinding binding = decoder.path().bind();
    try {
      bind(binding, decoder.range().first(), cache, range);
      bind(binding, rotaries);
      return binding;
    } catch (OrtException | RuntimeException | Error e) {
      binding.close();
      throw e;
    }
  }

  private static void bind(SlotBinding binding, int firstLayer, KvCache cache, SlotRange range)
      throws OrtException {
    for (int i = 0; i < cache.layers(); i++) {
      int layer = firstLayer + i;
      TensorView keys = cache.keys(i).view(range);
      binding.input(GraphValues.pastKeys(layer), keys);
      binding.output(GraphValues.presentKeys(layer), keys);
      TensorView values = cache.values(i).view(range);
      binding.input(GraphValues.pastValues(layer), values);
      binding.output(GraphValues.presentValues(layer), values);
    }
  }

  private static void bind(SlotBinding binding, RotaryTables rotaries) throws OrtException {
    for (int i = 0; i < rotaries.count(); i++) {
      binding.input(GraphValues.cosines(i), rotaries.cosines(i));
      binding.input(GraphValues.sines(i), rotaries.sines(i));
    }
  }
}
