package dev.loquat.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.loquat.error.CheckpointException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fields of an untrusted JSON object, read with their types and ranges. A field that is null
 * counts as absent.
 *
 * @param where the file and the object in it, for messages
 * @param json the object
 */
@SuppressWarnings("exports") // Public for this module's families; nobody else needs Jackson.
public record JsonFields(String where, JsonNode json) {

  /**
   * Whether a field is there.
   *
   * @param name the field
   * @return false if it is absent or null
   */
  public boolean has(String name) {
    return json.hasNonNull(name);
  }

  /**
   * A whole number that must be there.
   *
   * @param name the field
   * @param max the largest value allowed; the smallest is 1
   * @return the number
   * @throws CheckpointException if it is absent or out of range
   */
  public int count(String name, int max) {
    JsonNode value = json.path(name);
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < 1
        || value.intValue() > max) {
      throw wrong(name, "a whole number from 1 to " + max);
    }
    return value.intValue();
  }

  /**
   * A whole number with a default.
   *
   * @param name the field
   * @param max the largest value allowed; the smallest is 1
   * @param absent the value if there is none
   * @return the number
   */
  public int count(String name, int max, int absent) {
    return has(name) ? count(name, max) : absent;
  }

  /**
   * A number with a default.
   *
   * @param name the field
   * @param absent the value if there is none
   * @return the number, finite
   */
  public double number(String name, double absent) {
    if (!has(name)) {
      return absent;
    }
    JsonNode value = json.path(name);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrong(name, "a number");
    }
    return value.doubleValue();
  }

  /**
   * A number above 0 with a default.
   *
   * @param name the field
   * @param absent the value if there is none
   * @return the number
   */
  public double positive(String name, double absent) {
    double value = number(name, absent);
    if (value <= 0) {
      throw wrong(name, "a number above 0");
    }
    return value;
  }

  /**
   * A truth value with a default.
   *
   * @param name the field
   * @param absent the value if there is none
   * @return the value
   */
  public boolean flag(String name, boolean absent) {
    if (has(name) && !json.path(name).isBoolean()) {
      throw wrong(name, "true or false");
    }
    return has(name) ? json.path(name).booleanValue() : absent;
  }

  /**
   * A text with a default.
   *
   * @param name the field
   * @param absent the value if there is none
   * @return the text
   */
  public String text(String name, String absent) {
    if (has(name) && !json.path(name).isTextual()) {
      throw wrong(name, "a text");
    }
    return has(name) ? json.path(name).textValue() : absent;
  }

  /**
   * An object inside this one.
   *
   * @param name the field
   * @return its fields, or empty if there is none
   */
  public Optional<JsonFields> object(String name) {
    if (!has(name)) {
      return Optional.empty();
    }
    if (!json.path(name).isObject()) {
      throw wrong(name, "an object");
    }
    return Optional.of(new JsonFields(where + ", " + name, json.path(name)));
  }

  /**
   * One token id or several.
   *
   * @param name the field
   * @return the ids; none if the field is absent
   */
  public Set<Integer> tokenIds(String name) {
    Set<Integer> ids = new TreeSet<>();
    if (has(name)) {
      JsonNode value = json.path(name);
      Iterable<JsonNode> elements = value.isArray() ? value : Set.of(value);
      for (JsonNode id : elements) {
        if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
          throw wrong(name, "a token id or an array of them");
        }
        ids.add(id.intValue());
      }
    }
    return ids;
  }

  /**
   * The failure that a field is not as expected.
   *
   * @param name the field
   * @param expected what it should be
   * @return the exception to throw
   */
  public CheckpointException wrong(String name, String expected) {
    return new CheckpointException(
        where
            + ": "
            + name
            + " is "
            + (json.has(name) ? json.path(name) : "absent")
            + "; expected "
            + expected
            + ".");
  }
}
