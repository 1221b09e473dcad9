package dev.loquat.constraint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the JSON schema of a record: its components are required properties in their order, but
 * for those of type {@link Optional}. Records within become definitions, so that they may recur.
 */
final class RecordSchema {
  /** Floats reach 3.4e38, so numbers without exponent stay finite. */
  private static final BigInteger GREATEST = JsonNumbers.GREATEST;

  private static final Map<Class<?>, Long> WHOLE =
      Map.of(
          byte.class, (long) Byte.MAX_VALUE,
          Byte.class, (long) Byte.MAX_VALUE,
          short.class, (long) Short.MAX_VALUE,
          Short.class, (long) Short.MAX_VALUE,
          int.class, (long) Integer.MAX_VALUE,
          Integer.class, (long) Integer.MAX_VALUE,
          long.class, Long.MAX_VALUE,
          Long.class, Long.MAX_VALUE);
  private static final Set<Class<?>> DECIMAL = Set.of(double.class, Double.class, BigDecimal.class);

  private final JsonNodeFactory json = JsonNodeFactory.instance;
  private final ObjectNode definitions = json.objectNode();

  private RecordSchema() {}

  static String of(Class<?> type) {
    if (!type.isRecord()) {
      throw new IllegalArgumentException(
          type.getName() + " is no record; expected a record, whose components become properties");
    }
    RecordSchema schema = new RecordSchema();
    ObjectNode root = schema.reference(type);
    root.set("$defs", schema.definitions);
    return root.toString();
  }

  private ObjectNode reference(Class<?> type) {
    if (!definitions.has(type.getName())) {
      ObjectNode definition = definitions.putObject(type.getName());
      define(type, definition);
    }
    return json.objectNode().put("$ref", "#/$defs/" + type.getName());
  }

  private void define(Class<?> type, ObjectNode definition) {
    ObjectNode properties = definition.put("type", "object").putObject("properties");
    for (RecordComponent component : type.getRecordComponents()) {
      Type declared = component.getGenericType();
      boolean optional = raw(declared) == Optional.class;
      String where = type.getName() + "." + component.getName();
      properties.set(
          component.getName(), schema(optional ? argument(declared, 0, where) : declared, where));
      if (!optional) {
        definition.withArray("required").add(component.getName());
      }
    }
    definition.put("additionalProperties", false);
  }

  private ObjectNode schema(Type type, String where) {
    Class<?> raw = raw(type);
    if (raw == List.class || raw == Set.class || raw == Collection.class) {
      return array(schema(argument(type, 0, where), where));
    } else if (raw == Map.class) {
      return map(type, where);
    }
    if (type != raw) {
      throw unsupported(type, where);
    }
    return ofClass(raw, where);
  }

  private ObjectNode map(Type type, String where) {
    if (argument(type, 0, where) != String.class) {
      throw unsupported(type, where);
    }
    ObjectNode map = json.objectNode().put("type", "object");
    map.set("additionalProperties", schema(argument(type, 1, where), where));
    return map;
  }

  private ObjectNode ofClass(Class<?> type, String where) {
    if (type == String.class) {
      return json.objectNode().put("type", "string");
    } else if (type == boolean.class || type == Boolean.class) {
      return json.objectNode().put("type", "boolean");
    } else if (type.isEnum()) {
      return constants(type, where);
    } else if (type.isRecord() && type.getTypeParameters().length == 0) {
      return reference(type);
    } else if (type.isArray()) {
      return array(schema(type.getComponentType(), where));
    }
    return number(type, where);
  }

  private ObjectNode number(Class<?> type, String where) {
    Long greatest = WHOLE.get(type);
    if (greatest != null) {
      return json.objectNode()
          .put("type", "integer")
          .put("minimum", -greatest - 1)
          .put("maximum", greatest);
    } else if (type == BigInteger.class) {
      return json.objectNode().put("type", "integer");
    } else if (type == float.class || type == Float.class) {
      return json.objectNode().put("type", "number").put("maximum", GREATEST);
    }
    if (!DECIMAL.contains(type)) {
      throw unsupported(type, where);
    }
    return json.objectNode().put("type", "number");
  }

  private ObjectNode constants(Class<?> type, String where) {
    if (type.getEnumConstants().length == 0) {
      throw new IllegalArgumentException(
          where + " has the enum " + type.getName() + " without constants; expected one at least");
    }
    ObjectNode schema = json.objectNode().put("type", "string");
    Arrays.stream(type.getEnumConstants())
        .forEach(constant -> schema.withArray("enum").add(((Enum<?>) constant).name()));
    return schema;
  }

  private ObjectNode array(ObjectNode items) {
    ObjectNode array = json.objectNode().put("type", "array");
    array.set("items", items);
    return array;
  }

  private static Type argument(Type type, int index, String where) {
    if (!(type instanceof ParameterizedType parameterized)) {
      throw unsupported(type, where);
    }
    return parameterized.getActualTypeArguments()[index];
  }

  private static Class<?> raw(Type type) {
    Type raw = type instanceof ParameterizedType parameterized ? parameterized.getRawType() : type;
    return raw instanceof Class<?> known ? known : Object.class;
  }

  private static IllegalArgumentException unsupported(Type type, String where) {
    return new IllegalArgumentException(
        where
            + " has the type "
            + type.getTypeName()
            + "; expected String, a number, boolean, an enum, a record without type parameters, or"
            + " a List, Set, array, Map<String, …> or Optional of these");
  }
}
