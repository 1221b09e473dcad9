package dev.loquat.checkpoint.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HubOptionsTest {
  @TempDir Path temp;

  @Test
  void hasHuggingFacesDefaults() {
    HubOptions options = HubOptions.fromEnvironment(Map.of("HOME", "/home/x"));
    assertThat(options.cacheFolder()).isEqualTo(Path.of("/home/x/.cache/huggingface/hub"));
    assertThat(options.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
    assertThat(options.token()).isEmpty();
    assertThat(options.offline()).isFalse();
  }

  @Test
  void findsTheCacheUnderTheMostSpecificVariable() {
    assertThat(cacheFolder(Map.of("HF_HUB_CACHE", "/c", "HF_HOME", "/h"))).isEqualTo("/c");
    assertThat(cacheFolder(Map.of("HF_HOME", "/h", "XDG_CACHE_HOME", "/x"))).isEqualTo("/h/hub");
    assertThat(cacheFolder(Map.of("XDG_CACHE_HOME", "/x"))).isEqualTo("/x/huggingface/hub");
    assertThat(cacheFolder(Map.of("HF_HOME", "~/h", "HOME", "/me"))).isEqualTo("/me/h/hub");
  }

  @Test
  void readsTheTokenOfTheVariableBeforeTheFiles() throws IOException {
    Files.writeString(temp.resolve("token"), "hf_file\n");
    String home = temp.toString();
    assertThat(HubOptions.fromEnvironment(Map.of("HF_HOME", home)).token()).contains("hf_file");
    assertThat(HubOptions.fromEnvironment(Map.of("HF_HOME", home, "HF_TOKEN", "hf_env")).token())
        .contains("hf_env");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "true", "YES", "On"})
  void isOfflineWhenToldSo(String value) {
    assertThat(HubOptions.fromEnvironment(Map.of("HF_HUB_OFFLINE", value)).offline()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "false", "", "off"})
  void isOnlineOtherwise(String value) {
    assertThat(HubOptions.fromEnvironment(Map.of("HF_HUB_OFFLINE", value)).offline()).isFalse();
  }

  @Test
  void dropsTheEndpointsLastSlash() {
    assertThat(HubOptions.fromEnvironment(Map.of("HF_ENDPOINT", "https://mirror/x/")).endpoint())
        .isEqualTo(URI.create("https://mirror/x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mirror",
        "ftp://mirror",
        "https://user:secret@mirror",
        "http://m?q=1",
        "http://m:99999"
      })
  void refusesEndpointsThatAreNoPlainHttpAddress(String endpoint) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HubOptions.fromEnvironment(Map.of("HF_ENDPOINT", endpoint)))
        .withMessageContaining("such as https://huggingface.co")
        .withMessageNotContaining("secret");
  }

  @Test
  void neverShowsTheToken() {
    HubOptions options = HubOptions.fromEnvironment(Map.of("HF_TOKEN", "hf_secret"));
    assertThat(options.toString()).contains("token=present").doesNotContain("hf_secret");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HubOptions.fromEnvironment(Map.of("HF_TOKEN", "hf_secret\nx: y")))
        .withMessageNotContaining("hf_secret");
  }

  private static String cacheFolder(Map<String, String> variables) {
    return HubOptions.fromEnvironment(variables).cacheFolder().toString();
  }
}
