package dev.loquat.constraint;

import java.math.BigInteger;
import java.util.Optional;

/** Numbers, with whole bounds. */
final class NumberSchema {
  private static final JsonNumbers.Bound NO_MOST =
      new JsonNumbers.Bound(JsonNumbers.GREATEST, true);

  /** Numbers between two bounds come to about so many expressions. */
  private static final int STEPS_A_RANGE = 2000;

  private NumberSchema() {}

  static Expr integer(SchemaNode schema, Work work) {
    if (isUnbounded(schema)) {
      return JsonNumbers.WHOLE;
    }
    work.add(STEPS_A_RANGE);
    JsonNumbers.Bound least = least(schema);
    JsonNumbers.Bound most = most(schema);
    BigInteger from = least.inclusive() ? least.value() : least.value().add(BigInteger.ONE);
    BigInteger to = most.inclusive() ? most.value() : most.value().subtract(BigInteger.ONE);
    requireOrder(schema, from.compareTo(to) <= 0);
    return JsonNumbers.integer(from, to);
  }

  static Expr number(SchemaNode schema, Work work) {
    if (isUnbounded(schema)) {
      return JsonNumbers.ANY;
    }
    work.add(STEPS_A_RANGE);
    JsonNumbers.Bound least = least(schema);
    JsonNumbers.Bound most = most(schema);
    int order = least.value().compareTo(most.value());
    requireOrder(schema, order < 0 || (order == 0 && least.inclusive() && most.inclusive()));
    return JsonNumbers.number(least, most);
  }

  private static boolean isUnbounded(SchemaNode schema) {
    return SchemaKind.NUMBER.keywords().stream().noneMatch(schema::has);
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
