package dev.loquat.backend;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.Test;

class CacheLayoutTest {
  private static final CacheLayout LAYOUT = new CacheLayout(2, 16);

  @Test
  void allowsEverySlotAndPosition() {
    assertThatNoException().isThrownBy(() -> LAYOUT.requireCopy(0, 1, 16));
    assertThatNoException().isThrownBy(() -> LAYOUT.requireCopy(1, 0, 0));
  }

  @Test
  void refusesASlotThatIsNotThere() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LAYOUT.requireCopy(2, 0, 1))
        .withMessage("slot is 2; the cache has 2 slots, from 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LAYOUT.requireCopy(0, -1, 1))
        .withMessage("slot is -1; the cache has 2 slots, from 0");
  }

  @Test
  void refusesMorePositionsThanTheContextHas() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LAYOUT.requireCopy(0, 1, 17))
        .withMessage("tokens is 17; expected 0 to 16, the context's length");
    assertThatIllegalArgumentException().isThrownBy(() -> LAYOUT.requireCopy(0, 1, -1));
  }
}
