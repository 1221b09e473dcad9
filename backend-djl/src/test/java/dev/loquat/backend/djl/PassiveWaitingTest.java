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
class PassiveWaitingTest {

  @Test
  void standsInTheEnvironmentOnlyMeanwhile() {
    List<@Nullable String> policies = new ArrayList<>();
    PassiveWaiting.during(() -> policies.add(policy()));
    policies.add(policy());
    assertThat(policies).containsExactly("PASSIVE", null);
  }

  private static @Nullable String policy() {
    return NativeLibrary.getProcess()
        .getFunction("getenv")
        .invokeString(new Object[] {"OMP_WAIT_POLICY"}, false);
  }
}
