package dev.loquat.checkpoint.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpHandler;
import dev.loquat.error.CheckpointException;
import dev.loquat.error.DownloadException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HubDownloadTest {
  private static final HubModel MODEL = new HubModel("owner", "name", "main");
  private static final String WEIGHTS = "weights of the model";

  @TempDir Path cache;
  private final List<Long> pauses = new ArrayList<>();
  private final List<String> progress = new ArrayList<>();
  private LongSupplier clock = System::nanoTime;
  private FakeHub hub;

  @BeforeEach
  void startHub() throws IOException {
    hub = new FakeHub();
    hub.put("config.json", "{}");
    hub.put("tokenizer.json", "{\"model\": {}}");
    hub.put("model.safetensors", WEIGHTS);
  }

  @AfterEach
  void stopHub() {
    hub.close();
  }

  @Test
  void fetchesOnlyTheFilesNeededIntoHuggingFacesLayout() throws IOException {
    hub.put("generation_config.json", "{}");
    hub.put("chat_template.json", "{}");
    hub.put("pytorch_model.bin", "pickled");
    hub.put("onnx/model.onnx", "graph");
    hub.put("consolidated.safetensors", "the same weights");

    Path snapshot = fetch(MODEL);

    Path repository = cache.resolve("models--owner--name");
    assertThat(snapshot).isEqualTo(repository.resolve("snapshots/" + FakeHub.COMMIT));
    assertThat(names(snapshot))
        .containsExactly(
            "chat_template.json",
            "config.json",
            "generation_config.json",
            "model.safetensors",
            "tokenizer.json");
    assertThat(repository.resolve("refs/main")).hasContent(FakeHub.COMMIT);
    Path link = Files.readSymbolicLink(snapshot.resolve("model.safetensors"));
    assertThat(link).isEqualTo(Path.of("../../blobs", FakeHub.sha256(WEIGHTS.getBytes(UTF_8))));
    assertThat(snapshot.resolve("model.safetensors")).hasContent(WEIGHTS);
    assertThat(Files.readSymbolicLink(snapshot.resolve("config.json")))
        .isEqualTo(Path.of("../../blobs/9e26dfeeb6e641a33dae4961196235bdb965b21b"));
    assertThat(names(repository.resolve("blobs"))).hasSize(3);
  }

  @Test
  void fetchesTheShardsThatTheIndexNames() throws IOException {
    hub.files.remove("model.safetensors");
    hub.put(
        "model.safetensors.index.json",
        "{\"weight_map\": {\"a\": \"model-1.safetensors\", \"b\": \"model-2.safetensors\"}}");
    hub.put("model-1.safetensors", "one");
    hub.put("model-2.safetensors", "two");
    hub.put("model-3.safetensors", "of another variant");

    assertThat(names(fetch(MODEL)))
        .contains("model-1.safetensors", "model-2.safetensors")
        .doesNotContain("model-3.safetensors");
  }

  @Test
  void sendsTheTokenToTheHubButNotToTheHostOfTheRedirect() {
    fetch(MODEL);

    assertThat(hub.hubTokens).isNotEmpty().containsOnly("Bearer hf_token");
    assertThat(hub.requests).contains("store GET model.safetensors");
    assertThat(hub.storeTokens).isEmpty();
  }

  @Test
  void reportsProgressUpToTheSizeOfEachFile() {
    fetch(MODEL);
    assertThat(progress).contains("config.json 2/2", "model.safetensors 20/20");
  }

  @Test
  void resumesWhereTheConnectionWasCut() {
    hub.replace("store GET model.safetensors", FakeHub.cut(WEIGHTS.getBytes(UTF_8), 7));

    assertThat(fetch(MODEL).resolve("model.safetensors")).hasContent(WEIGHTS);

    assertThat(hub.requests)
        .containsSubsequence("store GET model.safetensors", "store GET model.safetensors bytes=7-");
    assertThat(pauses).containsExactly(1000L);
  }

  @Test
  void resumesWhatAnEarlierProcessLeft() throws IOException {
    writePartial("weights");
    assertThat(fetch(MODEL).resolve("model.safetensors")).hasContent(WEIGHTS);
    assertThat(hub.requests).contains("store GET model.safetensors bytes=7-");
  }

  @Test
  void startsAnewWhenTheServerSendsTheWholeInsteadOfTheRest() throws IOException {
    writePartial("weights");
    hub.replace("store GET model.safetensors", FakeHub.text(WEIGHTS));
    assertThat(fetch(MODEL).resolve("model.safetensors")).hasContent(WEIGHTS);
  }

  @Test
  void startsAnewWhenTheServerSendsAnotherRange() throws IOException {
    writePartial("weights");
    hub.replace(
        "store GET model.safetensors",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Range", "bytes 0-19/20");
          FakeHub.send(exchange, 206, WEIGHTS.getBytes(UTF_8));
        });
    assertThat(fetch(MODEL).resolve("model.safetensors")).hasContent(WEIGHTS);
  }

  @Test
  void startsAnewWhenTheServerCanNotServeTheRange() throws IOException {
    writePartial("weights");
    hub.replace("store GET model.safetensors", FakeHub.status(416));
    assertThat(fetch(MODEL).resolve("model.safetensors")).hasContent(WEIGHTS);
  }

  @Test
  void startsAnewWhenThePartialFileIsTooLong() throws IOException {
    writePartial(WEIGHTS + " and more");
    assertThat(fetch(MODEL).resolve("model.safetensors")).hasContent(WEIGHTS);
  }

  @Test
  void takesAPartialFileThatIsWholeWithoutFetching() throws IOException {
    writePartial(WEIGHTS);
    assertThat(fetch(MODEL).resolve("model.safetensors")).hasContent(WEIGHTS);
    assertThat(hub.requests).doesNotContain("store GET model.safetensors");
  }

  @Test
  void refusesWeightsWithAnotherSha256AndDeletesThem() throws IOException {
    hub.replace("store GET model.safetensors", FakeHub.text("WEIGHTS OF THE MODEL"));

    assertThatFetching()
        .withMessageContaining("model.safetensors arrived damaged: its checksum is not " + sha256())
        .withMessageContaining("fetch it again");
    assertThat(partial()).doesNotExist();
    assertThat(fetch(MODEL).resolve("model.safetensors")).hasContent(WEIGHTS);
  }

  @Test
  void refusesDescriptionsWithAnotherGitSha1() {
    hub.replace("GET config.json", FakeHub.text("[]"));
    assertThatFetching()
        .withMessageContaining("config.json arrived damaged")
        .withMessageContaining("9e26dfeeb6e641a33dae4961196235bdb965b21b");
  }

  @Test
  void refusesMoreBytesThanTheServerAnnounced() {
    hub.replace("store GET model.safetensors", FakeHub.text(WEIGHTS + "!"));
    assertThatFetching().withMessageContaining("sends more than its 20 bytes");
  }

  @Test
  void saysHowManyBytesCameWhenTheBodyStaysShort() {
    for (int i = 0; i < Retries.ATTEMPTS; i++) {
      hub.replace("store GET model.safetensors", FakeHub.text("w"));
    }
    assertThatFetching()
        .withMessageContaining("could not be fetched in 5 attempts")
        .withMessageContaining("1 of 20 bytes");
  }

  @Test
  void triesAgainWhileTheServerIsBusy() {
    hub.replace("GET listing", FakeHub.status(503));
    hub.replace("GET listing", FakeHub.status(429));
    hub.replace("HEAD config.json", FakeHub.status(500));
    hub.replace("store GET model.safetensors", FakeHub.status(502));

    assertThat(fetch(MODEL)).isDirectory();
    assertThat(pauses).containsExactly(1000L, 2000L, 1000L, 1000L);
  }

  @Test
  void givesUpAfterFiveAttempts() {
    for (int i = 0; i < 9; i++) {
      hub.replace("GET listing", FakeHub.status(503));
    }
    assertThatFetching()
        .withMessageStartingWith(hub.endpoint() + "/api/models/owner/name/revision/main")
        .withMessageContaining("in 5 attempts (IOException: the server answers 503)")
        .withMessageContaining("Check the network, the proxy and HF_ENDPOINT");
    assertThat(hub.count("GET listing")).isEqualTo(5);
    assertThat(pauses).containsExactly(1000L, 2000L, 4000L, 8000L);
  }

  @Test
  void explainsThatAModelIsPrivateOrGated() {
    hub.replace("GET listing", FakeHub.status(401));
    assertThatFetching()
        .withMessageContaining("answers 401: the model is private or gated")
        .withMessageContaining("set HF_TOKEN")
        .withMessageNotContaining("hf_token");
    assertThat(hub.requests).hasSize(1);
  }

  @Test
  void explainsThatAFileIsGated() {
    hub.replace("HEAD model.safetensors", FakeHub.status(403));
    assertThatFetching()
        .withMessageContaining("/resolve/" + FakeHub.COMMIT + "/model.safetensors answers 403");
  }

  @Test
  void explainsThatThereIsNoSuchModel() {
    hub.replace("GET listing", FakeHub.status(404));
    assertThatFetching().withMessageContaining("there is no such model, revision or file");
  }

  @Test
  void saysWhichFileTheRepositoryLacks() {
    hub.files.remove("model.safetensors");
    hub.put("model.gguf", "quantized");
    assertThatFetching()
        .withMessageContaining("hf://owner/name@main has no model.safetensors.index.json")
        .withMessageContaining("expected config.json, tokenizer.json and safetensors weights");
    assertThat(hub.requests).doesNotContain("GET model.gguf");
  }

  @Test
  void needsNoNetworkForACommitThatIsThere() {
    Path first = fetch(MODEL);
    hub.requests.clear();
    assertThat(fetch(new HubModel("owner", "name", FakeHub.COMMIT))).isEqualTo(first);
    assertThat(hub.requests).isEmpty();
  }

  @Test
  void asksOnlyForTheCommitWhenABranchDidNotMove() {
    fetch(MODEL);
    hub.requests.clear();
    fetch(MODEL);
    assertThat(hub.requests).containsExactly("GET listing");
  }

  @Test
  void usesTheCachedBranchAtOnceWhenTheHubCanNotBeReached() {
    Path first = fetch(MODEL);
    hub.close();
    assertThat(fetch(MODEL)).isEqualTo(first);
    assertThat(pauses).isEmpty();
  }

  @Test
  void findsWhatPythonFetchedWithoutNetwork() throws IOException {
    Path snapshot = writeAsPythonDoes("main");
    assertThat(fetchOffline(MODEL)).isEqualTo(snapshot);
    assertThat(hub.requests).isEmpty();
  }

  @Test
  void findsPullRequestsOffline() throws IOException {
    Path snapshot = writeAsPythonDoes("refs/pr/1");
    assertThat(fetchOffline(new HubModel("owner", "name", "refs/pr/1"))).isEqualTo(snapshot);
  }

  @Test
  void linksBlobsThatPythonFetchedForAnotherCommit() throws IOException {
    Path blob = cache.resolve("models--owner--name/blobs").resolve(sha256());
    Files.createDirectories(blob.getParent());
    Files.writeString(blob, WEIGHTS);
    assertThat(fetch(MODEL).resolve("model.safetensors")).hasContent(WEIGHTS);
    assertThat(hub.requests).doesNotContain("store GET model.safetensors");
  }

  @Test
  void repairsALinkWhoseBlobIsGone() throws IOException {
    Path snapshot = fetch(MODEL);
    Files.delete(snapshot.resolve("model.safetensors").toRealPath());
    assertThat(fetch(MODEL).resolve("model.safetensors")).hasContent(WEIGHTS);
  }

  @Test
  void saysThatAModelIsNotInTheCacheWhenOffline() {
    assertThatExceptionOfType(DownloadException.class)
        .isThrownBy(() -> fetchOffline(MODEL))
        .withMessageContaining("hf://owner/name@main is not in the cache " + cache)
        .withMessageContaining("HF_HUB_OFFLINE");
    assertThat(hub.requests).isEmpty();
  }

  @Test
  void countsAModelWithoutAllItsFilesAsAbsentWhenOffline() throws IOException {
    Path snapshot = writeAsPythonDoes("main");
    Files.delete(snapshot.resolve("tokenizer.json"));
    assertThatExceptionOfType(DownloadException.class)
        .isThrownBy(() -> fetchOffline(MODEL))
        .withMessageContaining("or not wholly");
  }

  @Test
  void fetchesOnceForTwoThreads() throws IOException {
    CountDownLatch bothListed = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      hub.replace(
          "HEAD config.json",
          exchange -> {
            bothListed.countDown();
            awaitUninterruptibly(bothListed);
            exchange.getResponseHeaders().set("ETag", FakeHub.gitSha1("{}".getBytes(UTF_8)));
            exchange.getResponseHeaders().set("Content-Length", "2");
            exchange.sendResponseHeaders(200, -1);
          });
    }
    CompletableFuture<Path> other = CompletableFuture.supplyAsync(() -> realFetch());
    assertThat(realFetch()).isEqualTo(other.join());
    assertThat(hub.count("GET config.json")).isEqualTo(1);
    assertThat(hub.count("store GET model.safetensors")).isEqualTo(1);
    assertThat(other.join().resolve("model.safetensors")).hasContent(WEIGHTS);
  }

  @Test
  void refusesTagsThatLeadOutOfTheCache() {
    for (String tag : List.of("\"../../evil\"", "\"\"", "..", "a/b", "a\\b", "x".repeat(129))) {
      hub.replace(
          "HEAD config.json",
          exchange -> {
            exchange.getResponseHeaders().set("ETag", tag);
            exchange.getResponseHeaders().set("Content-Length", "2");
            exchange.sendResponseHeaders(200, -1);
          });
      assertThatFetching().withMessageContaining("has no ETag that can name a file");
    }
  }

  @Test
  void refusesSizesThatNoFileHas() {
    for (String size : List.of("-1", "many", "9999999999999", "99999999999999999999")) {
      hub.replace(
          "HEAD config.json",
          exchange -> {
            exchange.getResponseHeaders().set("ETag", "tag");
            exchange.getResponseHeaders().set("X-Linked-Size", size);
            exchange.sendResponseHeaders(200, -1);
          });
      assertThatFetching().withMessageContaining("tells no size from 0 to");
    }
  }

  @Test
  void refusesADescriptionThatWouldFillTheDiskBeforeItFetchesIt() {
    hub.replace(
        "HEAD config.json",
        exchange -> {
          exchange.getResponseHeaders().set("ETag", "tag");
          exchange.getResponseHeaders().set("X-Linked-Size", "33554433");
          exchange.sendResponseHeaders(200, -1);
        });
    assertThatFetching().withMessageContaining("tells no size from 0 to 33554432 bytes");
    assertThat(hub.requests).doesNotContain("GET config.json");
  }

  @Test
  void givesUpAListingThatIsTooSlow() {
    AtomicLong seconds = new AtomicLong();
    clock = () -> Duration.ofSeconds(seconds.addAndGet(61)).toNanos();
    assertThatFetching()
        .withMessageContaining("could not be fetched in 5 attempts")
        .withMessageContaining("the answer was not complete after 60 s");
  }

  @Test
  void refusesAnswersForAnotherCommit() {
    hub.replace(
        "HEAD config.json",
        exchange -> {
          exchange.getResponseHeaders().set("X-Repo-Commit", "f".repeat(40));
          exchange.sendResponseHeaders(200, -1);
        });
    assertThatFetching().withMessageContaining("answers for another commit");
  }

  @Test
  void refusesListingsThatAreNone() {
    for (String json : List.of("", "[", "[]", "{}", "{\"sha\": \"../../evil\"}", "\"text\"")) {
      hub.replace("GET listing", FakeHub.text(json));
      assertThatFetching().withMessageContaining("HF_ENDPOINT");
    }
  }

  @Test
  void refusesListingsOfAnySize() {
    hub.replace("GET listing", FakeHub.text(" ".repeat((16 << 20) + 1)));
    assertThatFetching().withMessageContaining("answers more than 16777216 bytes");
  }

  @Test
  void refusesShardsThatLeadOutOfTheSnapshot() {
    hub.files.remove("model.safetensors");
    hub.put("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"../../x.safetensors\"}}");
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> fetch(MODEL))
        .withMessageContaining("expected a plain name that ends in .safetensors");
  }

  @Test
  void refusesRedirectsToOtherSchemesAndRings() {
    for (String location :
        List.of("file:///etc/passwd", "ftp://x/y", "http://", "", "::", "http://x:99999/y")) {
      hub.replace("GET listing", redirect(location));
      assertThatFetching().withMessageContaining("redirects to");
    }
    for (int i = 0; i < 9; i++) {
      hub.replace("GET listing", redirect("/api/models/owner/name/revision/main"));
    }
    assertThatFetching().withMessageContaining("redirects more than 5 times");
  }

  @Test
  void followsARenamedRepository() {
    hub.replace("GET listing", redirect("/api/models/owner/name/revision/main?again"));
    assertThat(fetch(MODEL)).isDirectory();
  }

  @Test
  void keepsWhatArrivedWhenTheListenerThrows() throws IOException {
    DownloadListener cancelling =
        (file, done, total) -> {
          if (file.equals("model.safetensors")) {
            throw new IllegalStateException("cancelled");
          }
        };
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(
            () -> new HubDownload(MODEL, options(false), cancelling, pauses::add, clock).snapshot())
        .withMessage("cancelled");
    assertThat(partial()).hasContent(WEIGHTS);
    assertThat(fetch(MODEL)).isDirectory();
  }

  private static HttpHandler redirect(String location) {
    return exchange -> {
      exchange.getResponseHeaders().set("Location", location);
      exchange.sendResponseHeaders(307, -1);
    };
  }

  private Path writeAsPythonDoes(String revision) throws IOException {
    Path repository = cache.resolve("models--owner--name");
    Path snapshot = repository.resolve("snapshots").resolve(FakeHub.COMMIT);
    Path ref = repository.resolve("refs").resolve(revision);
    Files.createDirectories(repository.resolve("blobs"));
    Files.createDirectories(snapshot);
    Files.createDirectories(ref.getParent());
    Files.writeString(ref, FakeHub.COMMIT);
    for (String name : List.of("config.json", "tokenizer.json", "model.safetensors")) {
      Files.writeString(repository.resolve("blobs").resolve("etag-of-" + name), "content");
      Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs/etag-of-" + name));
    }
    return snapshot;
  }

  private void writePartial(String content) throws IOException {
    Files.createDirectories(partial().getParent());
    Files.writeString(partial(), content);
  }

  private Path partial() {
    return cache.resolve("models--owner--name/blobs").resolve(sha256() + ".incomplete");
  }

  private static String sha256() {
    return FakeHub.sha256(WEIGHTS.getBytes(UTF_8));
  }

  private ThrowableAssertAlternative<DownloadException> assertThatFetching() {
    return assertThatExceptionOfType(DownloadException.class).isThrownBy(() -> fetch(MODEL));
  }

  private Path fetch(HubModel model) {
    DownloadListener listener =
        (file, done, total) -> progress.add(file + " " + done + "/" + total);
    return new HubDownload(model, options(false), listener, pauses::add, clock).snapshot();
  }

  private Path fetchOffline(HubModel model) {
    return HubDownload.fetch(model, options(true), DownloadListener.none());
  }

  private Path realFetch() {
    return HubDownload.fetch(MODEL, options(false), DownloadListener.none());
  }

  private HubOptions options(boolean offline) {
    URI endpoint = hub.endpoint();
    return new HubOptions(cache, endpoint, Optional.of("hf_token"), offline);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
