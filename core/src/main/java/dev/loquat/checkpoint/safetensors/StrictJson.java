package dev.loquat.checkpoint.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Streams untrusted JSON: malformed UTF-8 and a field's second value are errors. */
final class StrictJson {
  /** Hostile names must neither stay in the JVM's table of strings nor collide in a shared one. */
  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private StrictJson() {}

  /** Opens a parser, which closes the stream. */
  static JsonParser open(InputStream json) throws IOException {
    return FACTORY.createParser(new InputStreamReader(json, StandardCharsets.UTF_8.newDecoder()));
  }
}
