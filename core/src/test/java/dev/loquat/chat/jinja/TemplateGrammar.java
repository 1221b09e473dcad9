package dev.loquat.chat.jinja;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes random templates: of the language's grammar, but for a slip of the pen now and then. */
final class TemplateGrammar {

  private static final List<String> LITERALS =
      words(
          "0 1 -1 2 3 40 0.5 1e308 -0.0 1e999 9223372036854775807 (-9223372036854775807-1) 1_0"
              + " 9007199254740993 9007199254740992.0 '' 'a' 'Ab\\n<c>' '\\t' '\\ud800' '\\U0001F600'"
              + " 'content' 'upper' 'role.x' '%Y%-d%' '%' none true false [] {} [[],[]] [1,'a']"
              + " {'a':1,'B':2} {1:none} 'nan' '12' [2,1.5,true] [[2,'b'],[1,'a']]");
  private static final List<String> NAMES =
      words(
          "messages m x y ns loop missing range namespace dict tojson strftime_now raise_exception"
              + " f caller bos_token");
  private static final List<String> TEXT_METHODS =
      words(
          "strip lstrip rstrip split rsplit splitlines startswith endswith upper lower title"
              + " capitalize replace find rfind count join removeprefix removesuffix isdigit isalpha"
              + " isspace isupper islower");
  private static final List<String> ATTRIBUTES =
      words(
          "role content strip items keys values get index count cycle index0 revindex first last"
              + " length depth previtem nextitem x 0 1_0 7");
  private static final List<String> FILTERS =
      words(
          "abs capitalize count d default dictsort e escape first float indent int items join last"
              + " length list lower map max min reject rejectattr replace reverse round safe select"
              + " selectattr sort string sum title tojson trim unique upper nofilter");
  private static final List<String> TESTS =
      words(
          "defined undefined none string mapping iterable sequence number integer float boolean true"
              + " false callable odd even divisibleby lower upper in eq ne lt le gt ge notest");
  private static final List<String> OPERATORS =
      List.of(
          "+",
          "-",
          "*",
          "/",
          "//",
          "%",
          "**",
          "~",
          "==",
          "!=",
          "<",
          "<=",
          ">",
          ">=",
          " in ",
          " not in ",
          " and ",
          " or ");
  private static final List<String> KEYWORDS =
      words(
          "attribute reverse by case_sensitive indent separators sort_keys default boolean width first"
              + " x sep maxsplit count chars");
  private static final List<String> SLIPS =
      words("{{ }} {% %} {# #} ' \" ( ) [ ] . , | = \\ \u0000 é if endif is not 1_ {%-raw%}");

  private final Random random;

  TemplateGrammar(Random random) {
    this.random = random;
  }

  String template() {
    String template = body(2);
    if (random.nextInt(4) > 0) {
      return template;
    }
    int from = random.nextInt(template.length() + 1);
    int to = Math.min(template.length(), from + random.nextInt(3));
    return template.substring(0, from) + of(SLIPS) + template.substring(to);
  }

  private String body(int depth) {
    return several(1, 3, "", () -> statement(depth));
  }

  private String statement(int depth) {
    String value = expression(depth);
    if (depth == 0 || random.nextInt(3) == 0) {
      return "{{ " + value + " }}";
    }
    String body = body(depth - 1);
    return switch (random.nextInt(11)) {
      case 0 -> "{% if " + value + " %}" + body + "{% else %}" + body(0) + "{% endif %}";
      case 1 -> "{% for m in [" + value + ", 1] %}" + body + "{% endfor %}";
      case 2 -> "{% for x, y in " + value + " %}" + body + "{% else %}" + body(0) + "{% endfor %}";
      case 3 -> "{% for m in messages if " + value + " recursive %}" + body + "{% endfor %}";
      case 4 -> "{% set x = " + value + " %}" + body;
      case 5 -> "{% set ns = namespace(x=" + value + ") %}{% set ns.x = [ns.x, ns.x] %}" + body;
      case 6 -> "{% set y | " + filter(0) + " %}" + body + "{% endset %}";
      case 7 -> "{% macro f(x, y=" + value + ") %}" + body + "{% endmacro %}{{ f(1) }}";
      case 8 -> "{% call(x) f(" + value + ") %}" + body + "{% endcall %}";
      case 9 -> "{%- with x = " + value + " -%}" + body + "{% break %}{% endwith %}";
      default -> "{% filter " + filter(depth - 1) + " %}" + body + "{% endfilter %}";
    };
  }

  private String expression(int depth) {
    if (depth == 0) {
      return of(random.nextInt(4) > 0 ? LITERALS : NAMES);
    }
    String value = expression(depth - 1);
    return switch (random.nextInt(11)) {
      case 0 -> value + "|" + filter(depth - 1);
      case 1 -> "(" + value + "." + of(ATTRIBUTES) + "|d(" + of(LITERALS) + "))";
      case 2 -> value + "." + of(ATTRIBUTES) + "(" + arguments(depth - 1) + ")";
      case 3 -> "(" + value + "~'')." + of(TEXT_METHODS) + "(" + of(LITERALS) + ")";
      case 4 -> value + "[" + expression(depth - 1) + "]";
      case 5 -> value + "[" + expression(0) + ":" + expression(0) + ":" + expression(0) + "]";
      case 6 -> "(" + value + " is " + of(TESTS) + "(" + arguments(0) + "))";
      case 7 -> "(" + value + of(OPERATORS) + expression(depth - 1) + ")";
      case 8 -> of(NAMES) + "(" + arguments(depth - 1) + ")";
      case 9 -> "[" + value + ", {" + expression(0) + ": " + expression(depth - 1) + "}]";
      default -> "(" + value + " if " + expression(0) + " else -" + expression(0) + ")";
    };
  }

  private String filter(int depth) {
    return of(FILTERS) + (random.nextBoolean() ? "" : "(" + arguments(depth) + ")");
  }

  private String arguments(int depth) {
    return several(
        0, 3, ", ", () -> (random.nextInt(3) > 0 ? "" : of(KEYWORDS) + "=") + expression(depth));
  }

  private String several(int least, int most, String separator, Supplier<String> one) {
    int count = least + random.nextInt(most - least + 1);
    return Stream.generate(one).limit(count).collect(Collectors.joining(separator));
  }

  private String of(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static List<String> words(String words) {
    return List.of(words.split(" "));
  }
}
