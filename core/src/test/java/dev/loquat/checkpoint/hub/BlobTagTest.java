package dev.loquat.checkpoint.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The digests of "abc" are those that sha256sum and git hash-object print. */
final class BlobTagTest {
  private static final String SHA256 =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final String GIT_SHA1 = "f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f";

  @TempDir Path temp;

  @ParameterizedTest
  @ValueSource(strings = {SHA256, GIT_SHA1})
  void comparesDigests(String digest) throws IOException {
    assertThat(new BlobTag(digest).matches(file("abc"))).isTrue();
    assertThat(new BlobTag(digest).matches(file("abd"))).isFalse();
  }

  @Test
  void trustsTheSizeWhereTheTagIsNoDigest() throws IOException {
    assertThat(new BlobTag("5f-1c2d").matches(file("abc"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "\"abc\"", "W/\"abc\"", " \"abc\" "})
  void dropsQuotesAndWeakness(String header) {
    assertThat(BlobTag.ofHeader(header).value()).isEqualTo("abc");
  }

  private Path file(String content) throws IOException {
    return Files.writeString(temp.resolve("file"), content);
  }
}
