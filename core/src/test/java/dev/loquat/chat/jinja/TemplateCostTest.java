package dev.loquat.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.error.ChatTemplateException;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What templates are charged for; their time stands still, so that nothing but steps ends them. The
 * timeout, far above what they take, is there for the day when they are not charged.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TemplateCostTest {

  private static final int SIZE = 50_000;
  private static final String OPERANDS =
      """
      {% set s = 'a' * 50000 %}{% set t = 'a' * 50000 %}
      {% set l = range(50000) %}{% set m = range(50000) %}
      """;
  private static final String DOUBLING =
      "{% set n = namespace(s=[1], t=[1]) %}{% for i in range(60) %}"
          + "{% set n.s = [n.s, n.s] %}{% set n.t = [n.t, n.t] %}{% endfor %}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s == t",
        "s != t",
        "s < t",
        "s >= t",
        "[s] == [t]",
        "[s] < [t]",
        "{1: s} == {1: t}",
        "l == m",
        "s in t",
        "s in [t]",
        "s in {t: 1}",
        "{t: 1}[s]",
        "{t: 1}.get(s)",
        "[t].index(s)",
        "[t].count(s)",
        "s.find('b')",
        "s.rfind('b')",
        "'b'.find(s)",
        "s.count('b')",
        "s.split()",
        "s.split('b')",
        "s.rsplit('b')",
        "s.splitlines()",
        "s.replace('b', 'c')",
        "s.strip('b')",
        "'b'.strip(s)",
        "s.startswith(t)",
        "s.endswith([t])",
        "s.removeprefix(t)",
        "s.upper()",
        "s.isalpha()",
        "s.islower()",
        "s is lower",
        "s[0]",
        "s[-1:]",
        "s ~ 1",
        "s + 'b'",
        "s * 2",
        "s | int",
        "s | float",
        "s | length",
        "s | reverse",
        "s | escape",
        "s | indent",
        "s | tojson",
        "[s, t] | sort",
        "[s, t] | min",
        "[s, t] | unique",
        "[s] | join",
        "[1] | map(attribute=s)",
        "[s] | string",
        "l + m",
        "[1] * 50000",
        "l[1:]",
        "l | sort",
        "l | list",
        "l | reverse",
        "l | string",
        "l | tojson",
        "l.index(49999)",
        "49999 in l",
        "range(50000)"
      })
  void chargesAnOperationByTheSizeOfItsOperands(String operation) {
    long before = steps(OPERANDS);
    long after = steps(OPERANDS + "{% set x = " + operation + " %}");
    assertThat(after - before).isBetween((long) SIZE, 40L * SIZE);
  }

  @ParameterizedTest
  @CsvSource({
    "('a' * 4000000).find('a' * 2000000 ~ 'b'), -1",
    "('a' * 4000000).rfind('b' ~ 'a' * 2000000), -1",
    "('a' * 4000000).count('a' * 2000000 ~ 'b'), 0",
    "('a' * 4000000).split('a' * 2000000 ~ 'b') | length, 1",
    "('a' * 2000000 ~ 'b') in ('a' * 4000000), False",
    "('b' * 4000000).strip('a' * 4000000 ~ 'b') | length, 0"
  })
  void searchesInStepsLinearInBothTexts(String expression, String expected) {
    Context context = context(Limits.STEPS, new AtomicLong());
    assertThat(render("{{ " + expression + " }}", context)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ range(1000000) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ [1] * 1000000000 }}",
        "{{ [[]] * 9223372036854775807 }}",
        "{{ 'ab'.replace('a', 'x' * 8000000).replace('x', 'y' * 8000000) }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% set n = namespace(s='ab') %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
        "{% set n = namespace(s=[1]) %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
        "{% set n = namespace(l=[]) %}{% for i in range(600) %}{% set n.l = n.l + [range(100000)] %}"
            + "{% endfor %}",
        "{% set n = namespace(s=[]) %}{% for i in range(99999) %}{% set n.s = [n.s] %}{% endfor %}"
            + "{{ n.s }}",
        "{% for a in range(99999) %}{{ 'x' | indent(1000000) }}{% endfor %}",
        "{{ ('a\\n' * 4000000) | indent(1000000) }}",
        "{% set s = 'a ' * 4000000 %}{% for i in range(99999) %}{{ s.split()[0] }}{% endfor %}",
        "{% set s = 'a' * 8000000 %}{% set t = 'a' * 8000000 %}{% for i in range(99999) %}"
            + "{% if s == t %}{% endif %}{% endfor %}",
        "{% set s = ' ' * 8000000 %}{% for i in range(99999) %}{% set x = s | int %}{% endfor %}",
        "{% set l = range(100000) * 10 %}{% for i in range(99999) %}{% set x = l | string %}{% endfor %}",
        "{{ (['a' * 8000000] * 100000) | sort | length }}",
        "{{ strftime_now('%F' * 4000000) }}"
      })
  void refusesWhatTakesTooManyStepsOrTooMuchMemory(String source) {
    assertThatThrownBy(() -> steps(source))
        .isInstanceOf(ChatTemplateException.class)
        .hasMessageMatching("(?s).*(takes more than|grows past|has more than|nested (more|too)).*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n.s",
        "n.s | tojson",
        "n.s == n.t",
        "n.s < n.t",
        "[n.s, n.t] | sort",
        "n.s in [n.t]",
        "n.s in {'x': 1}",
        "{'x': 1}.get(n.s)",
        "{n.s: 1}"
      })
  void refusesToGoThroughAListThatHoldsItselfTwiceManyTimesOver(String expression) {
    assertThatThrownBy(() -> steps(DOUBLING + "{{ " + expression + " }}"))
        .isInstanceOf(ChatTemplateException.class);
  }

  @Test
  void stopsATemplateThatTakesTooLong() {
    AtomicLong nanos = new AtomicLong();
    Context context = context(Limits.STEPS, nanos);
    nanos.set(Limits.TIME.toNanos() + 1);
    assertThatThrownBy(() -> render("\n{% set x = range(99999) %}", context))
        .isInstanceOf(ChatTemplateException.class)
        .hasMessage("The chat template fails in line 2: the template takes longer than 10 seconds");
  }

  @Test
  void letsALongConversationPass() {
    List<Map<String, String>> messages =
        Collections.nCopies(
            1000, Map.of("role", "user", "content", "<think>" + "word ".repeat(200) + "</think>"));
    Context context = context(Limits.STEPS, new AtomicLong());
    JinjaTemplate.parse(
            """
            {%- set ns = namespace(last=0) -%}
            {%- for m in messages[::-1] -%}
              {%- if m.role == 'user' and not m.content.startswith('<tool>') -%}
                {%- set ns.last = loop.index0 -%}
              {%- endif -%}
            {%- endfor -%}
            {%- for m in messages -%}
              {%- set rest = messages[loop.index:] -%}
              {{- m.role ~ ': ' ~ m.content.split('</think>')[-1].lstrip('\\n') ~ m.content | trim -}}
            {%- endfor -%}
            """)
        .render(Map.of("messages", messages), context);
    assertThat(context.steps()).isLessThan(Limits.STEPS / 4);
  }

  private static long steps(String source) {
    Context context = context(Limits.STEPS, new AtomicLong());
    render(source, context);
    return context.steps();
  }

  private static String render(String source, Context context) {
    return JinjaTemplate.parse(source).render(Map.of(), context);
  }

  private static Context context(long mostSteps, AtomicLong nanos) {
    return new Context(Clock.systemUTC(), new Budget(mostSteps, nanos::get));
  }
}
