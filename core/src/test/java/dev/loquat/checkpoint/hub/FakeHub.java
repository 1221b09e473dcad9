package dev.loquat.checkpoint.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The hub of one repository, {@code owner/name}, with a second server for large files as the real
 * one has, both on local ports. Answers can be replaced one by one.
 */
final class FakeHub implements AutoCloseable {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  /** The requests in order: method, file ("listing" for the API's), and the range if any. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  /** The tokens that each server was sent. */
  final List<String> hubTokens = new CopyOnWriteArrayList<>();

  final List<String> storeTokens = new CopyOnWriteArrayList<>();
  final Map<String, byte[]> files = new TreeMap<>();

  private final Map<String, Deque<HttpHandler>> replaced = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer hub;
  private final HttpServer store;

  FakeHub() throws IOException {
    hub = serve("/", this::answer);
    store = serve("/", this::answerFromStore);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
  }

  void put(String name, String content) {
    files.put(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Replaces the next answer to a request such as {@code GET config.json}. */
  void replace(String request, HttpHandler handler) {
    replaced.computeIfAbsent(request, r -> new ConcurrentLinkedDeque<>()).add(handler);
  }

  long count(String request) {
    return requests.stream().filter(request::equals).count();
  }

  @Override
  public void close() {
    hub.stop(0);
    store.stop(0);
    threads.shutdownNow();
  }

  static String sha256(byte[] bytes) {
    return digest("SHA-256", bytes);
  }

  /** As {@code git hash-object} computes it. */
  static String gitSha1(byte[] bytes) {
    byte[] prefix = ("blob " + bytes.length + "\0").getBytes(StandardCharsets.UTF_8);
    byte[] whole = Arrays.copyOf(prefix, prefix.length + bytes.length);
    System.arraycopy(bytes, 0, whole, prefix.length, bytes.length);
    return digest("SHA-1", whole);
  }

  static HttpHandler status(int status) {
    return exchange -> exchange.sendResponseHeaders(status, -1);
  }

  static HttpHandler text(String text) {
    return exchange -> send(exchange, 200, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends the first bytes of an answer and cuts the connection. */
  static HttpHandler cut(byte[] body, int count) {
    return exchange -> {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body, 0, count);
      exchange.getResponseBody().flush();
    };
  }

  static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private HttpServer serve(String path, HttpHandler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            handler.handle(exchange);
          }
        });
    server.setExecutor(threads);
    server.start();
    return server;
  }

  private void answer(HttpExchange exchange) throws IOException {
    record(exchange, hubTokens);
    String path = exchange.getRequestURI().getRawPath();
    HttpHandler handler = next(exchange);
    if (handler != null) {
      handler.handle(exchange);
    } else if (path.startsWith("/api/models/owner/name/revision/")) {
      send(exchange, 200, listing().getBytes(StandardCharsets.UTF_8));
    } else if (path.startsWith("/owner/name/resolve/" + COMMIT + "/")
        && files.containsKey(name(exchange))) {
      resolve(exchange, name(exchange));
    } else {
      exchange.sendResponseHeaders(404, -1);
    }
  }

  private void resolve(HttpExchange exchange, String name) throws IOException {
    byte[] content = content(name);
    exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
    if (name.endsWith(".safetensors")) {
      exchange.getResponseHeaders().set("X-Linked-Etag", '"' + sha256(content) + '"');
      exchange.getResponseHeaders().set("X-Linked-Size", "" + content.length);
      exchange.getResponseHeaders().set("ETag", "\"of-the-redirect\"");
      exchange
          .getResponseHeaders()
          .set(
              "Location",
              "http://localhost:"
                  + store.getAddress().getPort()
                  + "/"
                  + name
                  + "?signature=s3cret");
      exchange.sendResponseHeaders(302, -1);
    } else {
      exchange.getResponseHeaders().set("ETag", "W/\"" + gitSha1(content) + '"');
      sendRange(exchange, content);
    }
  }

  private void answerFromStore(HttpExchange exchange) throws IOException {
    record(exchange, storeTokens);
    HttpHandler handler = next(exchange);
    if (handler != null) {
      handler.handle(exchange);
    } else {
      sendRange(exchange, content(name(exchange)));
    }
  }

  private static void sendRange(HttpExchange exchange, byte[] content) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", "" + content.length);
      exchange.sendResponseHeaders(200, -1);
    } else if (range == null) {
      send(exchange, 200, content);
    } else {
      int from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
      send(exchange, 206, Arrays.copyOfRange(content, from, content.length));
    }
  }

  private void record(HttpExchange exchange, List<String> tokens) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    String server = tokens == storeTokens ? "store " : "";
    requests.add(server + request(exchange) + (range == null ? "" : " " + range));
    String token = exchange.getRequestHeaders().getFirst("Authorization");
    if (token != null) {
      tokens.add(token);
    }
  }

  private @Nullable HttpHandler next(HttpExchange exchange) {
    boolean atStore = exchange.getLocalAddress().getPort() == store.getAddress().getPort();
    String key = (atStore ? "store " : "") + request(exchange);
    Deque<HttpHandler> handlers = replaced.getOrDefault(key, new ConcurrentLinkedDeque<>());
    return handlers.poll();
  }

  private static String request(HttpExchange exchange) {
    return exchange.getRequestMethod() + " " + name(exchange);
  }

  private static String name(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    return path.startsWith("/api/") ? "listing" : path.substring(path.lastIndexOf('/') + 1);
  }

  private byte[] content(String name) {
    return Objects.requireNonNull(files.get(name), name);
  }

  private String listing() {
    String siblings =
        files.keySet().stream()
            .map(name -> "{\"rfilename\": \"" + name + "\"}")
            .collect(Collectors.joining(", "));
    return "{\"sha\": \"" + COMMIT + "\", \"siblings\": [" + siblings + "]}";
  }

  private static String digest(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
