package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.NativeLibrary;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
@DisabledIfEnvironmentVariable(named = "OMP_WAIT_POLICY", matches = ".*")
@DisabledIfEnvironmentVariable(named = "GOMP_SPINCOUNT", matches = ".*")
class BriefSpinningTest {

  @Test
  void standsInTheEnvironmentOnlyMeanwhile() {
    List<@Nullable String> counts = new ArrayList<>();
    BriefSpinning.during(() -> counts.add(count()));
    counts.add(count());
    assertThat(counts).containsExactly("1000", null);
  }

  private static @Nullable String count() {
    return NativeLibrary.getProcess()
        .getFunction("getenv")
        .invokeString(new Object[] {"GOMP_SPINCOUNT"}, false);
  }
}
