package dev.loquat.models.tiny;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The questions and answers that the model was trained on.
 *
 * @param blocks those on one subject each
 */
record Corpus(List<Block> blocks) {
  private static final Path FOLDER = Path.of("training/corpus");

  /**
   * One subject.
   *
   * @param trained the wordings of its question that were trained
   * @param heldOut the wordings that were not
   * @param answer the answer to each
   */
  record Block(List<String> trained, List<String> heldOut, String answer) {}

  static Corpus read() throws IOException {
    List<Block> blocks = new ArrayList<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.filter(Corpus::hasQuestions).sorted().toList()) {
        Arrays.stream(Files.readString(file).split("\n\n"))
            .map(block -> block.lines().toList())
            .filter(lines -> !marked(lines, "A: ").isEmpty())
            .map(Corpus::block)
            .forEach(blocks::add);
      }
    }
    return new Corpus(blocks);
  }

  private static boolean hasQuestions(Path file) {
    return Character.isDigit(file.getFileName().toString().charAt(0));
  }

  private static Block block(List<String> lines) {
    return new Block(marked(lines, "Q: "), marked(lines, "T: "), marked(lines, "A: ").get(0));
  }

  private static List<String> marked(List<String> lines, String mark) {
    return lines.stream()
        .filter(line -> line.startsWith(mark))
        .map(line -> line.substring(mark.length()))
        .toList();
  }
}
