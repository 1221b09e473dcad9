package dev.loquat.testkit.tiny;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.checkpoint.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The weight files of a checkpoint: one, or shards with an index.
 *
 * @param type the type of all elements
 * @param shards how many files
 */
record WeightFiles(ElementType type, int shards) {

  void write(List<TinyTensor> tensors, Path folder) throws IOException {
    if (shards == 1) {
      new SafetensorsFile(type, tensors).write(folder.resolve("model.safetensors"));
    } else {
      writeShards(tensors, folder);
    }
  }

  private void writeShards(List<TinyTensor> tensors, Path folder) throws IOException {
    ObjectNode index = new JsonMapper().createObjectNode();
    ObjectNode files = index.putObject("weight_map");
    long bytes = 0;
    for (int shard = 0; shard < shards; shard++) {
      SafetensorsFile file = new SafetensorsFile(type, dealt(tensors, shard));
      String name = String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", shard + 1, shards);
      file.write(folder.resolve(name));
      file.tensors().forEach(tensor -> files.put(tensor.name(), name));
      bytes += file.byteLength();
    }
    index.putObject("metadata").put("total_size", bytes);
    Files.writeString(folder.resolve("model.safetensors.index.json"), index.toPrettyString());
  }

  private List<TinyTensor> dealt(List<TinyTensor> tensors, int shard) {
    return IntStream.range(0, tensors.size())
        .filter(i -> i % shards == shard)
        .mapToObj(tensors::get)
        .toList();
  }
}
