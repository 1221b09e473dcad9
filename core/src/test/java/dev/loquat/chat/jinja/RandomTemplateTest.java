package dev.loquat.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.error.ChatTemplateException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterProperty;

/** A template renders or fails as templates fail, whatever it says; nothing else escapes. */
class RandomTemplateTest {

  private static final long STEPS = 1 << 16;
  private static final Map<String, Object> VARIABLES =
      Map.of(
          "bos_token",
          "<s>",
          "messages",
          List.of(
              Map.of("role", "user", "content", "Hello,\nyou"),
              Map.of("role", "assistant", "content", List.of(1, 2.5, "three"))));

  private int rendered;
  private int tried;

  @Property(tries = 2000)
  void rendersOrFailsAsTemplatesFail(@ForAll long seed) {
    String source = new TemplateGrammar(new Random(seed)).template();
    tried++;
    try {
      render(source);
      rendered++;
    } catch (ChatTemplateException refused) {
      assertThat(refused).hasMessageStartingWith("The chat template ");
    } catch (RuntimeException | Error e) {
      throw new AssertionError(source, e);
    }
  }

  /** Lest everything fail at the first expression. */
  @AfterProperty
  void manyRender() {
    assertThat(rendered).isGreaterThan(tried / 40);
  }

  private static void render(String source) {
    Context context = new Context(Clock.systemUTC(), new Budget(STEPS, System::nanoTime));
    JinjaTemplate.parse(source).render(VARIABLES, context);
  }
}
