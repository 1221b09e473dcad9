package dev.loquat.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Some passages of about 230 words each, to make prompts of. */
public final class Passages {
  private static final String FILE = "passages.txt";

  private final List<String> texts;
  private final List<String> words;

  private Passages(String file) {
    texts = List.of(file.strip().split("\n\n"));
    words = List.of(file.strip().split("\\s+"));
  }

  /**
   * Reads them.
   *
   * @return the passages of this tool
   */
  public static Passages read() {
    try (InputStream file =
        Objects.requireNonNull(Passages.class.getResourceAsStream(FILE), FILE)) {
      return new Passages(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The passages.
   *
   * @return the text of each
   */
  public List<String> texts() {
    return texts;
  }

  /**
   * A text of so many words, which starts again at the first passage where it comes to the end.
   *
   * @param first where it starts, 0 or more
   * @param count how many words, 0 or more
   * @return the words, with a space between
   */
  public String words(int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(index -> words.get(index % words.size()))
        .collect(Collectors.joining(" "));
  }
}
