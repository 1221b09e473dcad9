package dev.loquat.checkpoint.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The three requests that fetching a model needs. */
final class HubClient {
  private static final int MAX_LISTING_BYTES = 16 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pace LISTING = Pace.whole(PATIENCE);

  /** About 4 KiB a second. */
  private static final Pace FILE = new Pace(PATIENCE, 1 << 18);

  private final HubModel model;
  private final HubOptions options;
  private final HubTransport transport;
  private final Pause pause;

  HubClient(HubModel model, HubOptions options, Pause pause, LongSupplier nanoTime) {
    this.model = model;
    this.options = options;
    this.pause = pause;
    transport = new HubTransport(options, nanoTime);
  }

  /** Asks what the repository holds now. */
  RepositoryListing list(int attempts) throws UnreachableException {
    URI uri = uri("/api/models/" + model.repository() + "/revision/" + encoded(model.revision()));
    byte[] json = new Retries(pause, attempts).run(uri, () -> readSmall(uri));
    try {
      return RepositoryListing.read(model, new JsonMapper().readTree(json));
    } catch (JsonProcessingException e) {
      throw HubFailures.lying(uri, "answers no valid JSON");
    } catch (IOException | IllegalArgumentException e) {
      throw HubFailures.lying(uri, "answers no listing of a commit's files");
    }
  }

  /** Asks for a file's size and tag. */
  RemoteFile describe(String commit, String name) throws UnreachableException {
    URI uri = uri("/" + model.repository() + "/resolve/" + commit + "/" + name);
    HttpResponse<?> response = retries().run(uri, () -> head(uri));
    if (!response.headers().firstValue("X-Repo-Commit").orElse(commit).equals(commit)) {
      throw HubFailures.lying(uri, "answers for another commit");
    }
    return RemoteFile.of(name, uri, response.headers());
  }

  /** Opens a file at a byte; status 206 if the server heeds it, 200 if it sends the whole. */
  HttpResponse<InputStream> open(RemoteFile file, long from) throws IOException {
    Map<String, String> range = from == 0 ? Map.of() : Map.of("Range", "bytes=" + from + "-");
    return transport.get(file.uri(), range, FILE);
  }

  Retries retries() {
    return new Retries(pause, Retries.ATTEMPTS);
  }

  private byte[] readSmall(URI uri) throws IOException {
    HttpResponse<InputStream> response = transport.get(uri, Map.of(), LISTING);
    try (InputStream body = response.body()) {
      HubTransport.requireStatus(uri, response, List.of(200));
      byte[] bytes = body.readNBytes(MAX_LISTING_BYTES + 1);
      if (bytes.length > MAX_LISTING_BYTES) {
        throw HubFailures.lying(uri, "answers more than " + MAX_LISTING_BYTES + " bytes");
      }
      return bytes;
    }
  }

  private HttpResponse<?> head(URI uri) throws IOException {
    HttpResponse<InputStream> response = transport.head(uri);
    if (!HubTransport.isRedirect(response)) {
      HubTransport.requireStatus(uri, response, List.of(200));
    }
    return response;
  }

  private URI uri(String path) {
    return URI.create(options.endpoint() + path);
  }

  private static String encoded(String revision) {
    return URLEncoder.encode(revision, StandardCharsets.UTF_8);
  }
}
