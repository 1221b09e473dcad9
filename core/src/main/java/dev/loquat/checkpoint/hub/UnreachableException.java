package dev.loquat.checkpoint.hub;

import dev.loquat.error.DownloadException;
import java.io.IOException;
import java.net.URI;

/** Every attempt to get an answer failed. */
final class UnreachableException extends IOException {
  private static final long serialVersionUID = 1L;

  private static final String OFFLINE =
      "Without a network, give the folder of a model that is on this machine. ";

  private final String what;

  UnreachableException(URI uri, int attempts, IOException last) {
    super(last);
    what =
        uri
            + " could not be fetched in "
            + attempts
            + (attempts == 1 ? " attempt (" : " attempts (")
            + HubFailures.reason(last)
            + "). "
            + (Retries.isOffline(last) ? OFFLINE : "")
            + "Check the network, the proxy and HF_ENDPOINT and try again; what arrived is kept.";
  }

  DownloadException asDownloadException() {
    return new DownloadException(what, this);
  }
}
