package dev.loquat.checkpoint.hub;

import dev.loquat.error.DownloadException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;

/** What the failures of this package say. Addresses are the hub's own, which hold no secrets. */
final class HubFailures {

  private HubFailures() {}

  /** An interrupt as callers of a load meet it; the thread's flag is kept. */
  static CancellationException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    CancellationException cancelled =
        new CancellationException(
            "The download was interrupted; what arrived is kept and a later attempt goes on from"
                + " it.");
    cancelled.initCause(cause);
    return cancelled;
  }

  static DownloadException status(URI uri, int status) {
    return new DownloadException(uri + " answers " + status + remedy(status));
  }

  static DownloadException lying(URI uri, String what) {
    return new DownloadException(
        uri
            + " "
            + what
            + ". The server is not a Hugging Face hub or is broken; check HF_ENDPOINT.");
  }

  static DownloadException disk(Path file, IOException cause) {
    return new DownloadException(
        file
            + " can't be read or written ("
            + reason(cause)
            + "). Make room, correct its permissions or set HF_HUB_CACHE.",
        cause);
  }

  /** Some of the JDK's failures have no message of their own. */
  static String reason(IOException failure) {
    String name = failure.getClass().getSimpleName();
    return failure.getMessage() == null ? name : name + ": " + failure.getMessage();
  }

  private static String remedy(int status) {
    return switch (status) {
      case 401, 403 ->
          ": the model is private or gated, or there is none of this name. Accept its terms on the"
              + " hub's page, and set HF_TOKEN to a token that may read it.";
      case 404 -> ": there is no such model, revision or file. Check the spelling.";
      default -> "; expected 200. Check HF_ENDPOINT and the hub's status page.";
    };
  }
}
