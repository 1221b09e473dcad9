package dev.loquat.checkpoint.hub;

import dev.loquat.error.DownloadException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Sends requests to a hub. It follows redirects itself, so that the token stays with the hub, and
 * the headers of a redirect to another host can be seen.
 */
final class HubTransport {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
  private static final Duration HEADERS_LIMIT = Duration.ofSeconds(60);
  private static final Pace CLOSED_UNREAD = Pace.whole(HEADERS_LIMIT);
  private static final int MAX_PORT = 65535;
  private static final int MAX_REDIRECTS = 5;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final HubOptions options;
  private final LongSupplier nanoTime;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT_LIMIT)
          .build();

  HubTransport(HubOptions options, LongSupplier nanoTime) {
    this.options = options;
    this.nanoTime = nanoTime;
  }

  /** Asks for headers; a redirect to another host is the answer, not followed. */
  HttpResponse<InputStream> head(URI uri) throws IOException {
    URI at = uri;
    for (int i = 0; i <= MAX_REDIRECTS; i++) {
      HttpResponse<InputStream> response = send("HEAD", at, Map.of(), CLOSED_UNREAD);
      response.body().close();
      if (!isRedirect(response) || !isHub(target(uri, response))) {
        return response;
      }
      at = target(uri, response);
    }
    throw tooManyRedirects(uri);
  }

  /** Fetches; the caller closes the body. */
  HttpResponse<InputStream> get(URI uri, Map<String, String> headers, Pace pace)
      throws IOException {
    URI at = uri;
    for (int i = 0; i <= MAX_REDIRECTS; i++) {
      HttpResponse<InputStream> response = send("GET", at, headers, pace);
      if (!isRedirect(response)) {
        return response;
      }
      response.body().close();
      at = target(uri, response);
    }
    throw tooManyRedirects(uri);
  }

  static boolean isRedirect(HttpResponse<?> response) {
    return REDIRECTS.contains(response.statusCode());
  }

  /** Fails on any status but the ones expected; in a way that is retried if it may pass. */
  static void requireStatus(URI uri, HttpResponse<?> response, List<Integer> expected)
      throws IOException {
    int status = response.statusCode();
    if (expected.contains(status)) {
      return;
    }
    if (status == 429 || status >= 500) {
      throw new IOException("the server answers " + status);
    }
    throw HubFailures.status(uri, status);
  }

  private HttpResponse<InputStream> send(
      String method, URI uri, Map<String, String> headers, Pace pace) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(HEADERS_LIMIT)
            .header("Accept-Encoding", "identity")
            .header("User-Agent", "loquat");
    headers.forEach(request::header);
    if (isHub(uri)) {
      options.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    }
    try {
      return client.send(request.build(), info -> new TimedBody(pace, nanoTime));
    } catch (InterruptedException e) {
      throw HubFailures.interrupted(e);
    }
  }

  private boolean isHub(URI uri) {
    URI hub = options.endpoint();
    return uri.getScheme().equalsIgnoreCase(hub.getScheme())
        && uri.getHost().equalsIgnoreCase(hub.getHost())
        && port(uri) == port(hub);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
  }

  /** Where a redirect leads: an http address, and never from https to plain http. */
  private static URI target(URI asked, HttpResponse<?> response) {
    String location = response.headers().firstValue("Location").orElse("");
    try {
      URI target = response.uri().resolve(location);
      String scheme = String.valueOf(target.getScheme());
      boolean safe = scheme.equals("https") || scheme.equals(response.uri().getScheme());
      if (safe && isWhole(target) && !location.isEmpty()) {
        return target;
      }
    } catch (IllegalArgumentException e) {
      throw HubFailures.lying(asked, "redirects to something that is no address");
    }
    throw HubFailures.lying(
        asked, "redirects to an address that is not http, not whole or less safe");
  }

  private static boolean isWhole(URI uri) {
    return uri.getHost() != null && uri.getPort() <= MAX_PORT;
  }

  private static DownloadException tooManyRedirects(URI uri) {
    return HubFailures.lying(uri, "redirects more than " + MAX_REDIRECTS + " times");
  }
}
