package dev.loquat.constraint;

import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Numbers, with whole bounds. */
final class NumberSchema {
  private static final JsonNumbers.Bound NO_MOST =
      new JsonNumbers.Bound(JsonNumbers.GREATEST, true);

  /** Numbers between two bounds come to about so many expressions. */
  private static final int STEPS_A_RANGE = 2000;

  private static final Set<String> BOUNDS =
      Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");

  /** Without exponent, every number is one. */
  private static final BigInteger FLOAT = JsonNumbers.GREATEST;

  private static final Map<String, BigInteger> RANGES =
      Map.of(
          "int32", BigInteger.valueOf(Integer.MAX_VALUE),
          "int64", BigInteger.valueOf(Long.MAX_VALUE),
          "float", FLOAT);

  private NumberSchema() {}

  static Expr integer(SchemaNode schema, Work work) {
    Optional<BigInteger> range = range(schema).filter(r -> !r.equals(FLOAT));
    if (isUnbounded(schema) && range.isEmpty()) {
      return JsonNumbers.WHOLE;
    }
    work.add(STEPS_A_RANGE);
    JsonNumbers.Bound least = least(schema);
    JsonNumbers.Bound most = most(schema);
    BigInteger from = least.inclusive() ? least.value() : least.value().add(BigInteger.ONE);
    BigInteger to = most.inclusive() ? most.value() : most.value().subtract(BigInteger.ONE);
    BigInteger lowest = range.map(r -> from.max(r.negate().subtract(BigInteger.ONE))).orElse(from);
    BigInteger highest = range.map(to::min).orElse(to);
    requireOrder(schema, lowest.compareTo(highest) <= 0);
    return JsonNumbers.integer(lowest, highest);
  }

  static Expr number(SchemaNode schema, Work work) {
    Optional<BigInteger> range = range(schema);
    if (range.filter(r -> !r.equals(FLOAT)).isPresent()) {
      return integer(schema, work);
    }
    if (isUnbounded(schema) && range.isEmpty()) {
      return JsonNumbers.ANY;
    }
    work.add(STEPS_A_RANGE);
    JsonNumbers.Bound least = least(schema);
    JsonNumbers.Bound most = most(schema);
    int order = least.value().compareTo(most.value());
    requireOrder(schema, order < 0 || (order == 0 && least.inclusive() && most.inclusive()));
    return JsonNumbers.number(least, most);
  }

  /**
   * The greatest number of a format; none for one that numbers of any size or only strings have.
   */
  private static Optional<BigInteger> range(SchemaNode schema) {
    if (!schema.has("format")) {
      return Optional.empty();
    }
    String format = schema.text("format");
    if (!isFormat(format) && !Formats.isKnown(format)) {
      throw schema.error(
          "has the format '" + format + "', expected one of double, float, int32, int64");
    }
    return Optional.ofNullable(RANGES.get(format));
  }

  static boolean isFormat(String format) {
    return RANGES.containsKey(format) || format.equals("double");
  }

  private static boolean isUnbounded(SchemaNode schema) {
    return BOUNDS.stream().noneMatch(schema::has);
  }

  private static void requireOrder(SchemaNode schema, boolean ordered) {
    if (!ordered) {
      throw schema.error("has a 'maximum' below its 'minimum'");
    }
  }

  private static JsonNumbers.Bound least(SchemaNode schema) {
    return bound(schema, "minimum", "exclusiveMinimum", 1).orElse(NO_MOST.negate());
  }

  private static JsonNumbers.Bound most(SchemaNode schema) {
    return bound(schema, "maximum", "exclusiveMaximum", -1).orElse(NO_MOST);
  }

  /** The narrower of the two, an exclusive one among equals. */
  private static Optional<JsonNumbers.Bound> bound(
      SchemaNode schema, String inclusive, String exclusive, int direction) {
    Optional<BigInteger> in = schema.whole(inclusive);
    Optional<BigInteger> ex = schema.whole(exclusive);
    boolean exclusiveCounts =
        ex.isPresent() && (in.isEmpty() || ex.get().compareTo(in.get()) * direction >= 0);
    return exclusiveCounts
        ? ex.map(value -> new JsonNumbers.Bound(value, false))
        : in.map(value -> new JsonNumbers.Bound(value, true));
  }
}
