package dev.loquat.checkpoint.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@link HubOptions} from environment variables. An empty variable counts as absent. */
record HubEnvironment(Map<String, String> variables) {
  private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
  private static final Set<String> TRUE = Set.of("1", "true", "yes", "on");

  HubOptions options() {
    return new HubOptions(cacheFolder(), endpoint(), token(), offline());
  }

  private Path cacheFolder() {
    return find("HF_HUB_CACHE").map(this::expand).orElseGet(() -> home().resolve("hub"));
  }

  private Path home() {
    return find("HF_HOME").map(this::expand).orElseGet(() -> caches().resolve("huggingface"));
  }

  private Path caches() {
    return find("XDG_CACHE_HOME").map(this::expand).orElseGet(() -> userHome().resolve(".cache"));
  }

  private URI endpoint() {
    String endpoint = find("HF_ENDPOINT").orElse(DEFAULT_ENDPOINT);
    return URI.create(endpoint.replaceAll("/+$", ""));
  }

  private Optional<String> token() {
    return find("HF_TOKEN").or(this::tokenFile);
  }

  private Optional<String> tokenFile() {
    Path file = home().resolve("token");
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(file).strip()).filter(token -> !token.isEmpty());
    } catch (IOException e) {
      throw new UncheckedIOException(
          file + " can't be read; set HF_TOKEN or correct the file's permissions", e);
    }
  }

  private boolean offline() {
    return find("HF_HUB_OFFLINE").map(v -> TRUE.contains(v.toLowerCase(Locale.ROOT))).orElse(false);
  }

  private Path expand(String folder) {
    boolean inHome = folder.equals("~") || folder.startsWith("~/");
    return inHome
        ? userHome().resolve(folder.substring(1).replaceFirst("^/", ""))
        : Path.of(folder);
  }

  private Path userHome() {
    return Path.of(
        find("HOME").or(() -> find("USERPROFILE")).orElse(System.getProperty("user.home")));
  }

  private Optional<String> find(String variable) {
    return Optional.ofNullable(variables.get(variable))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }
}
