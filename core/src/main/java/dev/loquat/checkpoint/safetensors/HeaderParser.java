package dev.loquat.checkpoint.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.loquat.error.CheckpointException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a header's JSON as a stream, so that it holds no more than the format's own fields. */
final class HeaderParser {
  /** More tensors, or texts of metadata, than any file has; caps what is kept in memory. */
  static final int MAX_ENTRIES = 1 << 17;

  /** More dimensions than any weight has; caps what a hostile header can make us multiply. */
  private static final int MAX_DIMENSIONS = 16;

  private final Path file;
  private final JsonParser json;

  private HeaderParser(Path file, JsonParser json) {
    this.file = file;
    this.json = json;
  }

  static List<TensorEntry> parse(Path file, byte[] header) throws IOException {
    try (JsonParser json = StrictJson.open(new ByteArrayInputStream(header))) {
      return new HeaderParser(file, json).entries();
    } catch (JsonProcessingException e) {
      throw invalid(file, e.getOriginalMessage(), e);
    } catch (CharacterCodingException e) {
      throw invalid(file, "it is not UTF-8", e);
    }
  }

  private static CheckpointException invalid(Path file, String why, IOException cause) {
    return new CheckpointException(
        file + ": the header is no valid JSON (" + why + "). The file is damaged; fetch it again.",
        cause);
  }

  private List<TensorEntry> entries() throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw failure("has a header that is no JSON object. It is damaged; fetch it again.");
    }
    List<TensorEntry> entries = new ArrayList<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      if (json.currentName().equals("__metadata__")) {
        checkMetadata();
      } else {
        entries.add(entry(json.currentName()));
        requireFew(entries.size(), "tensors");
      }
    }
    if (json.nextToken() != null) {
      throw failure(
          "has more than spaces after its header's object. It is damaged; fetch it again.");
    }
    return entries;
  }

  private void checkMetadata() throws IOException {
    requireObject("__metadata__");
    int texts = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      requireFew(++texts, "texts of metadata");
      if (json.nextToken() != JsonToken.VALUE_STRING) {
        throw failure(
            "has a value in '__metadata__' that is no text; expected names and texts only");
      }
    }
  }

  private TensorEntry entry(String name) throws IOException {
    requireObject(name);
    String dtype = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      switch (json.currentName()) {
        case "dtype" -> dtype = text(name);
        case "shape" -> shape = numbers(name, "shape");
        case "data_offsets" -> offsets = numbers(name, "data_offsets");
        default ->
            throw failure(
                name, "has an unknown field; expected dtype, shape and data_offsets only");
      }
    }
    return new TensorEntry(
        file,
        name,
        required(name, "dtype", dtype),
        required(name, "shape", shape),
        required(name, "data_offsets", offsets));
  }

  private String text(String name) throws IOException {
    if (json.nextToken() != JsonToken.VALUE_STRING) {
      throw failure(name, "has no valid 'dtype'; expected a text");
    }
    return json.getText();
  }

  private List<Long> numbers(String name, String field) throws IOException {
    List<Long> numbers = new ArrayList<>();
    boolean array = json.nextToken() == JsonToken.START_ARRAY;
    while (array && json.nextToken() != JsonToken.END_ARRAY && numbers.size() < MAX_DIMENSIONS) {
      numbers.add(number(name, field));
    }
    if (json.currentToken() != JsonToken.END_ARRAY) {
      throw failure(
          name,
          "has no valid '"
              + field
              + "'; expected an array of at most "
              + MAX_DIMENSIONS
              + " numbers");
    }
    return numbers;
  }

  private long number(String name, String field) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
        || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        || json.getLongValue() < 0) {
      throw failure(
          name,
          "has "
              + json.getText()
              + " in '"
              + field
              + "'; expected a whole number of 0 or more, at most "
              + Long.MAX_VALUE);
    }
    return json.getLongValue();
  }

  private <T> T required(String name, String field, @Nullable T value) {
    if (value == null) {
      throw failure(name, "has no '" + field + "'; expected dtype, shape and data_offsets");
    }
    return value;
  }

  private void requireObject(String name) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw failure("has '" + name + "' that is no JSON object. It is damaged; fetch it again.");
    }
  }

  private void requireFew(int count, String what) {
    if (count > MAX_ENTRIES) {
      throw failure("lists more than " + MAX_ENTRIES + " " + what + ", the most that are read");
    }
  }

  private CheckpointException failure(String tensor, String what) {
    return failure("tensor '" + tensor + "' " + what);
  }

  private CheckpointException failure(String what) {
    return SafetensorsHeader.failure(file, what);
  }
}
