package dev.loquat.docs;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 *
 * @param file where it is
 * @param text what it says
 */
record Page(Path file, String text) {
  private static final Pattern BLOCK =
      Pattern.compile("^ *```(\\w+)\\n(.*?)^ *```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
  private static final Pattern ARTIFACT =
      Pattern.compile("`([a-z][\\w.]*\\.[\\w.]+:[a-z][\\w-]+(?::[\\w.-]+)?)`");

  static Page read(Path file) {
    return new Page(file, Repository.text(file));
  }

  /** The blocks of a language, each with its page for messages. */
  Stream<Block> blocks(String language) {
    return BLOCK
        .matcher(text)
        .results()
        .filter(match -> match.group(1).equals(language))
        .map(match -> new Block(this, match.group(2)));
  }

  /** The files of the repository that it links to. */
  List<Path> links() {
    return groups(LINK).map(link -> file.resolveSibling(link).normalize()).toList();
  }

  /** What it names in the form {@code group:artifact} or {@code group:artifact:version}. */
  Stream<String> artifacts() {
    return groups(ARTIFACT);
  }

  @Override
  public String toString() {
    return Repository.ROOT.relativize(file).toString();
  }

  private Stream<String> groups(Pattern pattern) {
    Matcher matcher = pattern.matcher(text);
    return matcher.results().map(match -> match.group(1));
  }

  /**
   * A block of code.
   *
   * @param page the page it is on
   * @param code its lines
   */
  record Block(Page page, String code) {
    @Override
    public String toString() {
      return page + ":\n" + code;
    }
  }
}
