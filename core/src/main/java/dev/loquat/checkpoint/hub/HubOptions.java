package dev.loquat.checkpoint.hub;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where models are fetched from and kept.
 *
 * @param cacheFolder the folder of Hugging Face's cache; made when the first file is fetched
 * @param endpoint the hub's address, without a slash at its end; {@code https://huggingface.co} by
 *     default
 * @param token the access token for gated and private models; sent to the endpoint's host only
 * @param offline whether only cached files are used
 */
public record HubOptions(Path cacheFolder, URI endpoint, Optional<String> token, boolean offline) {
  private static final int MAX_PORT = 65535;

  /**
   * Checks the endpoint and the token.
   *
   * @throws IllegalArgumentException if the endpoint is no http address or the token holds other
   *     than visible ASCII characters
   */
  public HubOptions {
    Objects.requireNonNull(cacheFolder, "cacheFolder");
    Objects.requireNonNull(token, "token");
    requireHttp(endpoint);
    token.ifPresent(HubOptions::requireVisible);
  }

  /**
   * Reads Hugging Face's variables as its Python library does: {@code HF_HUB_CACHE}, {@code
   * HF_HOME} (default {@code ~/.cache/huggingface}), {@code HF_ENDPOINT}, {@code HF_TOKEN} or the
   * file {@code $HF_HOME/token}, and {@code HF_HUB_OFFLINE} (1, true, yes or on).
   *
   * @param variables the variables by name, {@link System#getenv()} as a rule
   * @return the options
   * @throws IllegalArgumentException if a variable is malformed
   */
  public static HubOptions fromEnvironment(Map<String, String> variables) {
    return new HubEnvironment(variables).options();
  }

  /** Shows everything but the token. */
  @Override
  public String toString() {
    return "HubOptions[cacheFolder="
        + cacheFolder
        + ", endpoint="
        + endpoint
        + ", token="
        + (token.isPresent() ? "present" : "absent")
        + ", offline="
        + offline
        + "]";
  }

  private static void requireHttp(URI endpoint) {
    String scheme = String.valueOf(endpoint.getScheme());
    if (!scheme.matches("https?")
        || endpoint.getHost() == null
        || endpoint.getPort() > MAX_PORT
        || endpoint.getUserInfo() != null
        || endpoint.getQuery() != null
        || endpoint.getFragment() != null
        || endpoint.getPath().endsWith("/")) {
      throw new IllegalArgumentException(
          "The hub's endpoint is not of the form expected, such as https://huggingface.co (http or"
              + " https, no user, query or slash at the end)");
    }
  }

  private static void requireVisible(String token) {
    if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "The hub's token is empty or holds spaces or other than ASCII characters; expected one"
              + " such as hf_..., from HF_TOKEN or the token file");
    }
  }
}
