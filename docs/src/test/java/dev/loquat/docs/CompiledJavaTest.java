package dev.loquat.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every Java block of a page is a piece of a source file that the build compiles. A line {@code //
 * …} leaves something out.
 */
class CompiledJavaTest {
  /** A comment's slashes follow a space; those of hf:// do not. */
  private static final Pattern COMMENT = Pattern.compile("(^|\\s)//.*$", Pattern.MULTILINE);

  private static final Pattern BLOCK_COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);

  private static final Pattern ELLIPSIS = Pattern.compile("^ *// …$", Pattern.MULTILINE);

  private static final List<String> SOURCES =
      Repository.sources().stream().map(Repository::text).map(CompiledJavaTest::code).toList();

  static Stream<Page.Block> blocks() {
    return Repository.pages().stream().flatMap(page -> page.blocks("java"));
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void isAPieceOfACompiledFile(Page.Block block) {
    List<String> pieces = ELLIPSIS.splitAsStream(block.code()).map(CompiledJavaTest::code).toList();
    assertThat(SOURCES.stream().anyMatch(source -> containsInOrder(source, pieces)))
        .as("a source file contains this block of %s", block)
        .isTrue();
  }

  @Test
  void findsTheBlocks() {
    assertThat(blocks().map(block -> block.page().toString()).distinct())
        .contains("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
        .contains("docs/guide/getting-started.md", "docs/guide/backend-authors.md");
  }

  private static boolean containsInOrder(String source, List<String> pieces) {
    int from = 0;
    for (String piece : pieces) {
      int found = source.indexOf(piece, from);
      if (found < 0) {
        return false;
      }
      from = found + piece.length();
    }
    return true;
  }

  /** Comments are prose, and pages break lines where they like. */
  private static String code(String text) {
    String uncommented = BLOCK_COMMENT.matcher(COMMENT.matcher(text).replaceAll("")).replaceAll("");
    return uncommented.replaceAll("\\s+", "");
  }
}
