package dev.loquat.checkpoint.hub;

import dev.loquat.checkpoint.CheckpointFiles;
import java.net.URI;
import java.net.http.HttpHeaders;

/**
 * A file on a hub.
 *
 * @param name its name in the repository
 * @param uri where it is
 * @param tag names its blob
 * @param bytes its size
 */
record RemoteFile(String name, URI uri, BlobTag tag, long bytes) {
  /** More than any weight file; a size above it is a lie. */
  private static final long MAX_WEIGHT_BYTES = 1L << 42;

  /** As much as is read of a tokenizer. */
  private static final long MAX_TOKENIZER_BYTES = 128 << 20;

  /** As much as is read of the longest of the others, a list of shards. */
  private static final long MAX_DESCRIPTION_BYTES = 32 << 20;

  /** Reads the headers with which a hub answers; the linked file's come first. */
  static RemoteFile of(String name, URI uri, HttpHeaders headers) {
    return new RemoteFile(name, uri, tag(uri, headers), bytes(uri, headers, limit(name)));
  }

  private static BlobTag tag(URI uri, HttpHeaders headers) {
    String header =
        headers.firstValue("X-Linked-Etag").or(() -> headers.firstValue("ETag")).orElse("");
    try {
      return BlobTag.ofHeader(header);
    } catch (IllegalArgumentException e) {
      throw HubFailures.lying(uri, "has no ETag that can name a file");
    }
  }

  private static long bytes(URI uri, HttpHeaders headers, long limit) {
    String header =
        headers
            .firstValue("X-Linked-Size")
            .or(() -> headers.firstValue("Content-Length"))
            .orElse("");
    if (!header.matches("[0-9]{1,15}") || Long.parseLong(header) > limit) {
      throw HubFailures.lying(uri, "tells no size from 0 to " + limit + " bytes");
    }
    return Long.parseLong(header);
  }

  private static long limit(String name) {
    if (name.endsWith(".safetensors")) {
      return MAX_WEIGHT_BYTES;
    }
    return name.equals(CheckpointFiles.TOKENIZER) ? MAX_TOKENIZER_BYTES : MAX_DESCRIPTION_BYTES;
  }
}
