package dev.loquat.chat.jinja;

/** An error of a template without its place, which whoever runs the template adds. */
final class TemplateError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TemplateError(String message) {
    super(message);
  }
}
