package dev.loquat.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The artifacts that the pages tell readers to add are the build's, in the build's versions. */
class DependenciesTest {
  private static final Map<String, String> VERSIONS = Build.read().versions();

  static Stream<Page.Block> blocks() {
    return Repository.pages().stream().flatMap(page -> page.blocks("xml"));
  }

  static List<Page> pages() {
    return Repository.pages();
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void snippetNamesWhatTheBuildHas(Page.Block block) {
    assertThat(Build.dependencies(block.code()))
        .as("dependencies of %s", block)
        .isNotEmpty()
        .allSatisfy(DependenciesTest::isOfTheBuild);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void textNamesWhatTheBuildHas(Page page) {
    assertThat(page.artifacts().toList())
        .as(page.toString())
        .allSatisfy(DependenciesTest::isOfTheBuild);
  }

  @Test
  void findsSnippetsAndNames() {
    assertThat(blocks().count()).isPositive();
    assertThat(pages().stream().flatMap(Page::artifacts)).hasSizeGreaterThan(5);
  }

  private static void isOfTheBuild(String coordinates) {
    String[] parts = coordinates.split(":", -1);
    String artifact = parts[0] + ":" + parts[1];
    assertThat(VERSIONS).as("the build's artifacts").containsKey(artifact);
    if (parts.length > 2) {
      assertThat(parts[2]).as("version of %s", artifact).isEqualTo(VERSIONS.get(artifact));
    }
  }
}
