package dev.loquat.chat.jinja;

import dev.loquat.error.ChatTemplateException;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A parsed template. Immutable and safe for use by several threads. */
public final class JinjaTemplate {

  private final Node body;

  private JinjaTemplate(Node body) {
    this.body = body;
  }

  /**
   * Parses a template.
   *
   * @param source the template, at most a million characters
   * @return the template, ready to render
   * @throws ChatTemplateException if the source is not a template, with the line
   */
  public static JinjaTemplate parse(String source) {
    if (source.length() > Limits.SOURCE_CHARS) {
      throw new ChatTemplateException(
          "The chat template has "
              + source.length()
              + " characters; expected at most "
              + Limits.SOURCE_CHARS
              + ".");
    }
    try {
      return new JinjaTemplate(shallow(() -> TemplateParser.parse(source)));
    } catch (TemplateError e) {
      throw new ChatTemplateException("The chat template is malformed, " + e.getMessage() + ".", e);
    }
  }

  /**
   * Renders the template.
   *
   * @param variables what the template sees: strings, numbers, booleans, nulls, and maps and lists
   *     of those
   * @param clock what time {@code strftime_now} tells
   * @return the text
   * @throws ChatTemplateException if the template fails, refuses the values, or takes more than its
   *     limits, with the line
   */
  public String render(Map<String, ? extends @Nullable Object> variables, Clock clock) {
    return render(variables, new Context(clock, new Budget(Limits.STEPS, System::nanoTime)));
  }

  String render(Map<String, ? extends @Nullable Object> variables, Context context) {
    Globals.define(context.scope());
    variables.forEach((name, value) -> context.scope().set(name, Values.of(value)));
    try {
      shallow(() -> body.run(context));
      return context.output();
    } catch (TemplateError e) {
      throw new ChatTemplateException(
          "The chat template fails in line " + context.line() + ": " + e.getMessage(), e);
    }
  }

  /** The one way out of nesting that is too deep, wherever it is: in the source or in values. */
  private static <T> T shallow(Supplier<T> work) {
    try {
      return work.get();
    } catch (StackOverflowError e) {
      throw new TemplateError("it is nested too deeply");
    }
  }
}
