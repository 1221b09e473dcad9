package dev.loquat;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ModelLoaderTest {
  private final ModelLoader loader = Loquat.model("some/folder");

  @Test
  void refusesMoreThreadsThanTheMachineCanUse() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loader.threads(100_000))
        .withMessageMatching(
            "threads is 100000; expected 1 to \\d+ on this machine, which has \\d+ processors");
    assertThatIllegalArgumentException().isThrownBy(() -> loader.threads(0));
  }

  @Test
  @SuppressWarnings("NullAway")
  void namesWhatIsNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> Loquat.model((String) null))
        .withMessage("source");
    assertThatNullPointerException()
        .isThrownBy(() -> Loquat.model((Path) null))
        .withMessage("folder");
    assertThatNullPointerException()
        .isThrownBy(() -> loader.generate((String) null))
        .withMessage("prompt");
  }

  @Test
  void takesSixtyFourThreadsOnAnyMachine() {
    assertThatCode(() -> loader.threads(64)).doesNotThrowAnyException();
  }
}
