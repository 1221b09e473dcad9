package dev.loquat.checkpoint.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RepositoryCacheTest {
  private static final HubModel MODEL = new HubModel("owner", "name", "main");
  private static final RemoteFile FILE =
      new RemoteFile("config.json", URI.create("http://hub/x"), new BlobTag("tag"), 2);

  @TempDir Path temp;

  @Test
  void copiesWhereTheFileSystemHasNoLinks() throws IOException {
    URI zip = URI.create("jar:" + temp.resolve("cache.zip").toUri());
    try (FileSystem linkless = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      RepositoryCache cache = new RepositoryCache(linkless.getPath("/hub"), MODEL);
      Path blob = cache.blob(FILE.tag());
      Files.createDirectories(blob.getParent());
      Files.writeString(blob, "{}");
      cache.link(FakeHub.COMMIT, FILE);
      Path copy = cache.snapshot(FakeHub.COMMIT).resolve("config.json");
      assertThat(Files.readString(copy)).isEqualTo("{}");
      assertThat(blob).exists();
    }
  }

  @Test
  void ignoresARefThatIsNoCommit() throws IOException {
    Path refs = Files.createDirectories(temp.resolve("models--owner--name/refs"));
    Files.writeString(refs.resolve("main"), "../../evil");
    Path evil = Files.createDirectories(temp.resolve("evil"));
    for (String name : List.of("config.json", "tokenizer.json", "model.safetensors")) {
      Files.createFile(evil.resolve(name));
    }
    Files.createDirectories(temp.resolve("models--owner--name/snapshots"));
    assertThat(new RepositoryCache(temp, MODEL).completeSnapshot(MODEL)).isEmpty();
  }
}
