package dev.loquat.constraint;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/**
 * What a generated text must be: nothing else can come out while the generation ends by itself.
 *
 * <p>A constraint is compiled when it is made, which may take some milliseconds; it is immutable,
 * safe for use by several threads, and best kept and used again. Two constraints are equal if they
 * were made in the same way from equal texts.
 *
 * <p><b>JSON</b> is written compactly: at most one space after a comma or a colon and no other
 * white space outside strings. Numbers have at most 19 digits on either side of the point and two
 * in the exponent. Strings may use every escape; surrogates come in pairs.
 */
public final class Constraint {
  /** A choice and each of its bytes are a state at least, before equal beginnings are joined. */
  private static final int MAX_CHOICE_LENGTH = Nfa.MAX_NODES;

  private final String description;
  private final Grammar grammar;

  private Constraint(String description, Grammar grammar) {
    this.description = description;
    this.grammar = grammar;
  }

  /**
   * A text that a regular expression matches as a whole.
   *
   * <p>Understood are literals, escapes, classes, properties such as {@code \p{L}}, groups,
   * alternatives and repetitions (counts up to 10,000), with the meaning they have in {@link
   * java.util.regex.Pattern}. The text is made of whole Unicode characters.
   *
   * @param pattern the regular expression
   * @return the constraint
   * @throws IllegalArgumentException if the pattern is malformed, uses what is no regular language
   *     (lookaround, backreferences, word boundaries), or needs too many states; the message names
   *     the position
   */
  public static Constraint regex(String pattern) {
    return regex(requireNonNull(pattern, "pattern"), new Work());
  }

  static Constraint regex(String pattern, Work work) {
    Rules rules = new Rules(work);
    rules.rule("the regular expression", () -> RegexParser.whole(pattern, Utf8::spell, work));
    return new Constraint("regex " + pattern, rules.grammar());
  }

  /**
   * One of some texts.
   *
   * @param choices the texts, at least one
   * @return the constraint
   * @throws IllegalArgumentException if there is no choice, one has a surrogate without its pair,
   *     or they are too many or too long together
   */
  public static Constraint choice(List<String> choices) {
    requireNonNull(choices, "choices");
    if (choices.isEmpty()) {
      throw new IllegalArgumentException("There are no choices; expected at least one text");
    }
    requireTexts(choices);
    Rules rules = new Rules(new Work());
    rules.rule("the choice", () -> Expr.choice(choices.toArray(String[]::new)));
    var list = JsonNodeFactory.instance.arrayNode();
    choices.forEach(list::add);
    return new Constraint("choice " + list, rules.grammar());
  }

  private static List<String> choices(String json) {
    try {
      return List.of(new ObjectMapper().readValue(json, String[].class));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("'" + json + "' is no list of choices", e);
    }
  }

  private static void requireTexts(List<String> choices) {
    long length = 0;
    for (int i = 0; i < choices.size(); i++) {
      String name = "choices[" + i + "]";
      WholeCharacters.require(requireNonNull(choices.get(i), name), name);
      length += choices.get(i).length();
    }
    if (choices.size() + length > MAX_CHOICE_LENGTH) {
      throw new IllegalArgumentException(
          "There are "
              + choices.size()
              + " choices of "
              + length
              + " characters; expected at most "
              + MAX_CHOICE_LENGTH
              + " choices and characters together");
    }
  }

  /**
   * A JSON text that satisfies a JSON schema (draft 2020-12).
   *
   * <p>Understood are {@code type}, {@code properties}, {@code required}, {@code
   * additionalProperties}, {@code items}, {@code prefixItems}, {@code minItems}, {@code maxItems},
   * {@code enum}, {@code const}, {@code anyOf}, {@code oneOf} of schemas that visibly exclude one
   * another, {@code allOf}, {@code $ref} within the document (recursive too), {@code minLength},
   * {@code maxLength}, {@code pattern} (alone; each character in its shortest spelling), {@code
   * format} of strings (byte, date, time, date-time, email, hostname, ipv4, ipv6, uri, uuid) and
   * numbers (int32, int64, float, double), {@code minimum}, {@code maximum} and their exclusive
   * forms with whole numbers, and OpenAPI's {@code nullable}. Annotations are passed over; any
   * other keyword is an error. What stands beside {@code $ref}, {@code allOf}, {@code anyOf} or
   * {@code oneOf} must hold too: such schemas are merged keyword by keyword, or refused where that
   * does not do.
   *
   * <p>Properties come in the schema's order, then required ones that it does not define. Other
   * properties come after them, and only if {@code additionalProperties} asks for them or the
   * schema names no property at all; likewise items after those of {@code prefixItems}. Whole
   * numbers are written without point and exponent. A format stands for its usual texts: an email
   * address has no quotes, a host no label with two hyphens beside each other.
   *
   * @param schema the schema's text
   * @return the constraint
   * @throws IllegalArgumentException if the schema is malformed, has a keyword that is not
   *     understood, no finite text satisfies it, or it needs too many states; the message names the
   *     place
   */
  public static Constraint jsonSchema(String schema) {
    return jsonSchema(requireNonNull(schema, "schema"), new Work());
  }

  static Constraint jsonSchema(String schema, Work work) {
    return new Constraint("json " + schema, SchemaCompiler.compile(schema, work));
  }

  /**
   * Any JSON text.
   *
   * @return the constraint
   */
  public static Constraint json() {
    return jsonSchema("true");
  }

  /**
   * A JSON object with the components of a record.
   *
   * <p>A component may be a String, a number, a boolean, an enum, a record without type parameters
   * (recursive too), or a {@code List}, {@code Set}, {@code Collection}, array, {@code Map<String,
   * …>} or {@code Optional} of these. All components are there, in their order, but for optional
   * ones. Numbers keep to the range of their type. Properties and enum constants have the names
   * that they have in Java; Jackson's annotations are not looked at.
   *
   * @param type a record
   * @return the constraint
   * @throws IllegalArgumentException if it is no record, or a component has another type
   */
  public static Constraint record(Class<?> type) {
    return jsonSchema(RecordSchema.of(requireNonNull(type, "type")));
  }

  /**
   * Makes a constraint anew from what {@link #toString} says of it.
   *
   * @param text the kind of constraint and the text it was made from
   * @return a constraint equal to that one
   * @throws IllegalArgumentException if it says something else
   */
  public static Constraint parse(String text) {
    String[] parts = requireNonNull(text, "text").split(" ", 2);
    String rest = parts.length == 2 ? parts[1] : "";
    return switch (parts[0]) {
      case "regex" -> regex(rest);
      case "choice" -> choice(choices(rest));
      case "json" -> jsonSchema(rest);
      default ->
          throw new IllegalArgumentException(
              "'"
                  + text
                  + "' is no constraint; expected one that begins with regex, choice or json");
    };
  }

  /**
   * Prepares the constraint for a vocabulary.
   *
   * @param vocabulary a model's tokens
   * @return the constraint over tokens, to be kept for all texts under it
   */
  public TokenConstraint over(ConstraintVocabulary vocabulary) {
    return new TokenConstraint(grammar, requireNonNull(vocabulary, "vocabulary"));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Constraint constraint && description.equals(constraint.description);
  }

  @Override
  public int hashCode() {
    return description.hashCode();
  }

  /** Names the kind of constraint and the text it was made from. */
  @Override
  public String toString() {
    return description;
  }
}
