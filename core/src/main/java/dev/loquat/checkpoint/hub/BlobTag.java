package dev.loquat.checkpoint.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A file's ETag, which names its blob in the cache: the SHA-256 of large files, the git blob SHA-1
 * of small ones, and on some mirrors neither.
 *
 * @param value letters, digits, '-' and '_' only: safe as a file name
 */
record BlobTag(String value) {
  private static final Pattern FORM = Pattern.compile("[0-9A-Za-z][0-9A-Za-z_-]{0,127}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern GIT_SHA1 = Pattern.compile("[0-9a-f]{40}");
  private static final int BUFFER_BYTES = 1 << 17;

  BlobTag {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("The tag can't name a file");
    }
  }

  /** Reads a header such as {@code W/"abc"}. */
  static BlobTag ofHeader(String header) {
    return new BlobTag(header.strip().replaceFirst("^W/", "").replace("\"", ""));
  }

  /** Whether a file is what the tag says; true where the tag is no digest. */
  boolean matches(Path file) throws IOException {
    if (SHA256.matcher(value).matches()) {
      return value.equals(digest("SHA-256", "", file));
    }
    if (GIT_SHA1.matcher(value).matches()) {
      return value.equals(digest("SHA-1", "blob " + Files.size(file) + "\0", file));
    }
    return true;
  }

  private static String digest(String algorithm, String prefix, Path file) throws IOException {
    MessageDigest digest = digest(algorithm);
    digest.update(prefix.getBytes(StandardCharsets.US_ASCII));
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream bytes = Files.newInputStream(file)) {
      for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has " + algorithm, e);
    }
  }
}
