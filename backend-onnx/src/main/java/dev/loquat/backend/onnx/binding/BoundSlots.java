package dev.loquat.backend.onnx.binding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.loquat.backend.onnx.graph.GraphValues;
import dev.loquat.backend.onnx.graph.OnnxType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What every run over the same slots binds: their part of the cache, as inputs and in place as
 * outputs, and the rotary tables. Kept between steps, for there are many.
 */
final class BoundSlots implements AutoCloseable {
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Map<String, OnnxTensor> outputs = new HashMap<>();
  private final List<OnnxTensor> tensors = new ArrayList<>();
  private final LoadedDecoder decoder;

  private BoundSlots(LoadedDecoder decoder) {
    this.decoder = decoder;
  }

  static BoundSlots of(LoadedDecoder decoder, KvCache cache, RotaryTables rotaries, SlotRange range)
      throws OrtException {
    BoundSlots bound = new BoundSlots(decoder);
    try {
      bound.bind(cache, range);
      bound.bind(rotaries);
      return bound;
    } catch (OrtException e) {
      bound.close();
      throw e;
    }
  }

  Map<String, OnnxTensor> inputsWith(Map<String, OnnxTensor> own) {
    Map<String, OnnxTensor> all = new HashMap<>(inputs);
    all.putAll(own);
    return all;
  }

  Map<String, OnnxTensor> outputsWith(String name, OnnxTensor own) {
    Map<String, OnnxTensor> all = new HashMap<>(outputs);
    all.put(name, own);
    return all;
  }

  @Override
  public void close() {
    tensors.forEach(OnnxTensor::close);
  }

  private void bind(KvCache cache, SlotRange range) throws OrtException {
    for (int i = 0; i < cache.layers(); i++) {
      int layer = decoder.range().first() + i;
      OnnxTensor keys = tensor(cache.keys(i), range);
      inputs.put(GraphValues.pastKeys(layer), keys);
      outputs.put(GraphValues.presentKeys(layer), keys);
      OnnxTensor values = tensor(cache.values(i), range);
      inputs.put(GraphValues.pastValues(layer), values);
      outputs.put(GraphValues.presentValues(layer), values);
    }
  }

  private void bind(RotaryTables rotaries) throws OrtException {
    for (int i = 0; i < rotaries.count(); i++) {
      long[] shape = rotaries.shape(i);
      inputs.put(GraphValues.cosines(i), tensor(rotaries.cosines(i), shape, decoder.type()));
      inputs.put(GraphValues.sines(i), tensor(rotaries.sines(i), shape, decoder.type()));
    }
  }

  private OnnxTensor tensor(CacheTensor cache, SlotRange range) throws OrtException {
    return tensor(cache.view(range), cache.shape(range), decoder.cacheType());
  }

  private OnnxTensor tensor(ByteBuffer memory, long[] shape, OnnxType type) throws OrtException {
    OnnxTensor tensor =
        OnnxTensor.createTensor(decoder.environment(), memory, shape, type.javaType());
    tensors.add(tensor);
    return tensor;
  }
}
