package dev.loquat.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackendAheadTest {

  @Test
  void aLoadHasItsBackendAskedOnAThreadOfItsOwn(@TempDir Path folder) throws Exception {
    TinyCheckpoint.llama().layers(1).writeTo(folder);
    try (Model model = Loquat.model(folder).backend(WatchedProvider.NAME).load()) {
      assertThat(model.info().backend()).isEqualTo(WatchedProvider.NAME);
      assertThat(WatchedProvider.ASKED_AHEAD.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }
}
