package dev.loquat.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexConstraintTest {
  private final ByteVocabulary vocabulary = ByteVocabulary.create();
  private final Random random = new Random(1);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abc",
        "a*b+c?",
        "(foo|bar|baz)+",
        "[a-c]{2,5}x{3}y{2,}",
        "\\d{3}-\\d{4}",
        "[^\"\\\\]*",
        ".*",
        "\\w+@\\w+\\.(com|org)",
        "(?:é|中|😀|[а-я])+",
        "[^a-z0-9]{3}",
        "(?<year>[0-9]{4})-(0[1-9]|1[0-2])",
        "^(a|ab)(c|bcd)",
        "\\S+\\s\\W",
        "((a|b)*c){1,3}?",
        "[-a]|[a-]|[]\\]]|\\x41\\u00e9",
        "(a?){3}a{3}",
        "|a||b",
        "[\\w-.]{1,3}",
        "a}|b]",
        "\\p{Lu}\\p{L}{0,2}\\P{L}",
        "(?:\\d|\\pN)+",
        "[a-c]{5,30}",
        "(?:[ab]|é){3,14}c?(?:ab|c){0,12}",
        "\\{\\}\\[\\]\\.\\*"
      })
  void generatesOnlyWhatMatchesAndAllowsExactlyWhatCanStillMatch(String pattern) {
    String java = pattern.replace("[]\\]]", "[\\]]");
    TokenConstraint constraint = vocabulary.over(Constraint.regex(java));
    for (int round = 0; round < 40; round++) {
      String text = new RandomText(vocabulary, random).generate(constraint.start());
      assertThat(text).matches(Pattern.compile(java));
      assertMasksAgreeWithJava(Pattern.compile(java), constraint, text);
    }
  }

  private void assertMasksAgreeWithJava(Pattern pattern, TokenConstraint constraint, String text) {
    ConstraintState state = constraint.start();
    String prefix = "";
    for (int character : text.codePoints().limit(20).toArray()) {
      BitSet allowed = state.allowed();
      for (int id = ByteVocabulary.FIRST_BYTE; id < vocabulary.size(); id++) {
        String piece = new String(vocabulary.of(id), StandardCharsets.UTF_8);
        if (!piece.contains("\uFFFD")) {
          assertThat(allowed.get(id))
              .as("'%s' after '%s'", piece, prefix)
              .isEqualTo(canMatch(pattern, prefix + piece));
        }
      }
      assertThat(state.isComplete()).isEqualTo(pattern.matcher(prefix).matches());
      for (byte b : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
        state.accept(ByteVocabulary.FIRST_BYTE + (b & 0xFF));
      }
      prefix += Character.toString(character);
    }
  }

  private static boolean canMatch(Pattern pattern, String prefix) {
    Matcher matcher = pattern.matcher(prefix);
    return matcher.matches() || matcher.hitEnd();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "a(?=b);lookaround, which is not supported at position 1",
        "(?<!a)b;lookaround, which is not supported at position 0",
        "(a)\\1;the backreference '\\1', which is not supported at position 3",
        "a\\bc;a word boundary, which is not supported at position 1",
        "(?i)a;a group of the kind '(?', which is not supported at position 0",
        "a++;a possessive repetition, which is not supported at position 2",
        "\\p{Nonsense};has the property 'Nonsense' at position 0; use one of Java's",
        "(a;has a group that is not closed at position 0; add ')'",
        "a$b;'$' before the end, which is not supported at position 1",
        "[a-z&&[b]];the intersection '&&', which is not supported at position 4",
        "ab(c;has a group that is not closed at position 2; add ')'",
        "ab);has an unmatched ')' at position 2",
        "[b-a];has a range that ends before it begins at position 1",
        "[ab;ends too early at position 3; expected ']'",
        "*a;has '*' with nothing to repeat at position 0",
        "a**;repeats a repetition at position 2",
        "a{3,2};repeats at most 2 but at least 3 at position 1",
        "a{x};has a '{' that begins no count at position 1",
        "a{10001};repeats 10001 times at position 2; expected at most 10000",
        "\\u12g4;has '12g4' at position 2; expected 4 hexadecimal digits",
        "\\uD800;has the surrogate U+D800 at position 0"
      })
  void refusesWhatItDoesNotUnderstandAndSaysWhere(String pattern, String message) {
    assertThatThrownBy(() -> Constraint.regex(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("The regular expression '" + pattern + "' ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a|b)*a(a|b){40}",
        "(.{0,1000}){0,1000}",
        "((((a{10000}){10000}){10000}){10000}){10000}",
        "(((((){10000}){10000}){10000}){10000}){10000}x{10000}{1}",
        "(.*.*.*.*.*.*.*.*x){200}(.*.*.*.*y){900}"
      })
  void refusesHostilePatternsSoon(String pattern) {
    long start = System.nanoTime();
    assertThatThrownBy(() -> Constraint.regex(pattern))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
  }

  @Test
  void allowsOnlyEndTokensWhereTheTextCannotGoOn() {
    ConstraintState state = vocabulary.over(Constraint.choice(List.of("ab", "foo"))).start();
    state.accept(ByteVocabulary.FIRST_BYTE + 'a');
    assertThat(state.isComplete()).isFalse();
    state.accept(ByteVocabulary.FIRST_BYTE + 'b');
    assertThat(state.isExhausted()).isTrue();
    assertThat(state.allowed().stream()).containsExactly(0, 1);
    state.accept(ByteVocabulary.END);
    assertThat(state.allowed().isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"(^a$|^b$)", "^(?:(a)|b)$", "((^a)|(b$))"})
  void takesAnchorsInAGroupThatIsAllOfAnAlternative(String pattern) {
    for (String text : List.of("a", "b", "c", "ab", "")) {
      ConstraintState state = vocabulary.over(Constraint.regex(pattern)).start();
      boolean matches = text.chars().allMatch(c -> accepts(state, ByteVocabulary.FIRST_BYTE + c));
      assertThat(matches && state.isComplete()).as(text).isEqualTo(text.matches(pattern));
    }
  }

  private static boolean accepts(ConstraintState state, int token) {
    boolean isAllowed = state.allowed().get(token);
    if (isAllowed) {
      state.accept(token);
    }
    return isAllowed;
  }

  @Test
  void generatesEveryChoiceAndNothingElse() {
    List<String> choices = List.of("yes", "no", "maybe, if \"so\"", "né", "no way");
    TokenConstraint constraint = vocabulary.over(Constraint.choice(choices));
    assertThat(
            Stream.generate(() -> new RandomText(vocabulary, random).generate(constraint.start()))
                .limit(300)
                .distinct())
        .containsExactlyInAnyOrderElementsOf(choices);
    assertThatThrownBy(() -> Constraint.choice(List.of()))
        .hasMessage("There are no choices; expected at least one text");
  }
}
