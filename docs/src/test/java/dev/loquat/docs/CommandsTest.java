package dev.loquat.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages' commands name is there: modules, properties, classes, scripts and options. */
class CommandsTest {
  private static final Build BUILD = Build.read();
  private static final Pattern SCRIPT = Pattern.compile("(?:^|\\s)((?:[\\w.-]+/)+run)\\b");
  private static final Pattern MODULES = Pattern.compile("-pl (\\S+)");
  private static final Pattern PROPERTY = Pattern.compile("-D((?:loquat\\.|example)[\\w.]*)");
  private static final Pattern EXAMPLE = Pattern.compile("-Dexample=(\\w+)");
  private static final Pattern OPTION = Pattern.compile("(?<=[\\s'\"])--[a-z][a-z-]*");
  private static final String SOURCES =
      Repository.sources().stream()
          .filter(file -> file.toString().contains("main"))
          .map(Repository::text)
          .collect(Collectors.joining());

  static Stream<Page.Block> blocks() {
    return Repository.pages().stream().flatMap(page -> page.blocks("sh"));
  }

  static List<Page> pages() {
    return Repository.pages();
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void namesScriptsOfTheRepository(Page.Block block) {
    assertThat(found(SCRIPT, block)).as("scripts of %s", block).allMatch(CommandsTest::isScript);
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void namesModulesOfTheBuild(Page.Block block) {
    assertThat(found(MODULES, block).flatMap(list -> Stream.of(list.split(","))))
        .as("modules of %s", block)
        .allMatch(BUILD.modules()::contains);
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void namesPropertiesOfTheBuild(Page.Block block) {
    assertThat(found(PROPERTY, block)).as("properties of %s", block).allMatch(BUILD::hasProperty);
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void namesOptionsOfTheTools(Page.Block block) {
    assertThat(OPTION.matcher(block.code()).results().map(match -> match.group()))
        .as("options of %s", block)
        .allMatch(option -> SOURCES.contains('"' + option + '"'));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void namesExamples(Page page) {
    assertThat(EXAMPLE.matcher(page.text()).results().map(match -> match.group(1)))
        .as(page.toString())
        .allMatch(name -> Files.exists(example(name)));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksToFilesThatAreThere(Page page) {
    assertThat(page.links()).as(page.toString()).allMatch(Files::exists);
  }

  @Test
  void findsCommandsOfEachKind() {
    assertThat(Stream.of(SCRIPT, MODULES, PROPERTY))
        .allMatch(
            pattern -> blocks().anyMatch(block -> found(pattern, block).findAny().isPresent()));
  }

  private static Stream<String> found(Pattern pattern, Page.Block block) {
    Matcher matcher = pattern.matcher(block.code());
    return matcher.results().map(match -> match.group(1));
  }

  private static boolean isScript(String path) {
    return Files.isExecutable(Repository.ROOT.resolve(path));
  }

  private static Path example(String name) {
    return Repository.ROOT.resolve("examples/src/main/java/dev/loquat/examples/" + name + ".java");
  }
}
