package dev.loquat.memory;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** Prints a probe as JSON. */
final class MemoryJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private MemoryJson() {}

  static String print(MemoryProbe probe) {
    ObjectNode json = MAPPER.createObjectNode();
    for (MemoryPhase phase : MemoryPhase.values()) {
      probe.at(phase).ifPresent(reading -> put(json.putObject(name(phase)), reading));
      probe.peak(phase).ifPresent(peak -> put(json.withObject("/" + name(phase) + "/peak"), peak));
    }
    probe.leaks().ifPresent(leaks -> put(json.putObject("leaks"), leaks));
    return json.toString();
  }

  private static void put(ObjectNode json, MemoryReading reading) {
    put(json, "deviceBytes", reading.deviceBytes());
    put(json, "processBytes", reading.processBytes());
    ObjectNode owners = json.putObject("owners");
    for (MemoryOwner owner : MemoryOwner.values()) {
      put(owners, name(owner), reading.owned().bytes(owner));
    }
  }

  private static void put(ObjectNode json, LeakCheck leaks) {
    json.put("deviceBytes", leaks.deviceBytes());
    ArrayNode resources = json.putArray("resources");
    for (HeldResource resource : leaks.resources()) {
      resources
          .addObject()
          .put("owner", name(resource.owner()))
          .put("purpose", resource.purpose())
          .put("bytes", resource.bytes());
    }
  }

  private static void put(ObjectNode json, String name, long bytes) {
    if (bytes != MemoryReading.UNKNOWN) {
      json.put(name, bytes);
    }
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
