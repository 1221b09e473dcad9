package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.util.Utils;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuietStartTest {

  @AfterEach
  void clear() {
    System.clearProperty("ai.djl.offline");
  }

  @Test
  void keepsDjlOfflineOnlyMeanwhile() {
    List<Boolean> offline = new ArrayList<>();
    QuietStart.run(() -> offline.add(Utils.isOfflineMode()));
    assertThat(offline).containsExactly(true);
    assertThat(Utils.isOfflineMode()).isFalse();
    assertThat(System.getProperty("OPT_OUT_TRACKING")).isNull();
  }

  @Test
  void givesAnApplicationsOwnSettingBack() {
    System.setProperty("ai.djl.offline", "false");
    QuietStart.run(() -> assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true"));
    assertThat(System.getProperty("ai.djl.offline")).isEqualTo("false");
  }
}
