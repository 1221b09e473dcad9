package dev.loquat.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;

class NeedleTest {

  @Property
  void findsWhatTheJdkFinds(
      @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 40) String text,
      @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 6) String part) {
    Needle needle = new Needle(part);
    assertThat(needle.last(text)).isEqualTo(text.lastIndexOf(part));
    for (int from = 0; from <= text.length(); from++) {
      assertThat(needle.first(text, from)).isEqualTo(text.indexOf(part, from));
    }
  }
}
