package dev.loquat.checkpoint.source;

import dev.loquat.checkpoint.hub.HubModel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the text forms of {@link ModelSource}. */
final class SourceText {
  private static final String CLASSPATH = "classpath:";
  private static final String HUB = "hf:";
  private static final String MAIN = "main";
  private static final Pattern HUB_FORM =
      Pattern.compile("hf://(?<owner>[^/@]+)/(?<name>[^/@]+)(?:@(?<revision>.+))?");

  private SourceText() {}

  static ModelSource parse(String text) {
    if (text.startsWith(CLASSPATH)) {
      return new ModelSource.Classpath(text.substring(CLASSPATH.length()));
    }
    return text.startsWith(HUB) ? hub(text) : folder(text);
  }

  private static ModelSource hub(String text) {
    Matcher form = HUB_FORM.matcher(text);
    if (!form.matches()) {
      throw malformed(text, null);
    }
    String revision = form.group("revision");
    return new ModelSource.Hub(
        new HubModel(form.group("owner"), form.group("name"), revision == null ? MAIN : revision));
  }

  private static ModelSource folder(String text) {
    if (text.isBlank() || text.contains("://")) {
      throw malformed(text, null);
    }
    try {
      return new ModelSource.Folder(Path.of(text));
    } catch (InvalidPathException e) {
      throw malformed(text, e);
    }
  }

  private static IllegalArgumentException malformed(
      String text, @Nullable InvalidPathException cause) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' is no model source; expected a folder such as models/smollm2,"
            + " classpath:dev/loquat/models/tiny or"
            + " hf://HuggingFaceTB/SmolLM2-135M-Instruct@main",
        cause);
  }
}
