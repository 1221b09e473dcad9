package dev.loquat.internal.kvcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SlotPoolTest {

  /** A number says which of the taken slots to give back; a negative one takes the slot -1 - n. */
  @Property
  void agreesWithASetOfFreeSlots(
      @ForAll @IntRange(min = 1, max = 9) int slots,
      @ForAll List<@IntRange(min = -6, max = 5) Integer> moves) {
    SlotPool pool = new SlotPool(slots);
    TreeSet<Integer> free = new TreeSet<>();
    TreeSet<Integer> taken = new TreeSet<>();
    for (int slot = 0; slot < slots; slot++) {
      free.add(slot);
    }
    for (int move : moves) {
      if (move < 0) {
        int slot = -1 - move;
        assertThat(pool.isFree(slot)).isEqualTo(free.contains(slot));
        if (free.remove(slot)) {
          pool.acquire(slot);
          taken.add(slot);
        }
      } else if (move < taken.size()) {
        int slot = List.copyOf(taken).get(move);
        pool.release(slot);
        taken.remove(slot);
        free.add(slot);
      }
      assertThat(pool.takenSlots()).isEqualTo(taken.size());
    }
  }

  @Test
  void refusesToTakeASlotTwice() {
    SlotPool pool = new SlotPool(2);
    pool.acquire(1);
    assertThatThrownBy(() -> pool.acquire(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Slot 1 is not free");
  }

  @Test
  void refusesToReleaseAFreeSlot() {
    SlotPool pool = new SlotPool(2);
    assertThatThrownBy(() -> pool.release(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Slot 1 is not taken");
  }
}
