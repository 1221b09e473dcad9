package dev.loquat.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.loquat.error.OutOfMemoryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MemoryLedgerTest {

  @Test
  void refusesWhatPassesTheLimitAndKeepsTheRest() {
    MemoryLedger ledger = MemoryLedger.of(100);
    MemoryAccount weights = ledger.open(MemoryOwner.WEIGHTS);
    weights.hold(60, "the weights");
    MemoryAccount cache = ledger.open(MemoryOwner.KV_CACHE);
    cache.hold(40, "the KV cache");
    assertThatExceptionOfType(OutOfMemoryException.class)
        .isThrownBy(() -> cache.hold(41, "the KV cache"))
        .withMessage(
            "Not enough memory for the KV cache: 1 bytes are needed, but of the limit of 100 bytes"
                + " only 0 bytes are left. Use a smaller batch, a shorter context, a narrower precision or a"
                + " higher memoryLimit.")
        .satisfies(e -> assertThat(e.neededBytes()).isEqualTo(1))
        .satisfies(e -> assertThat(e.availableBytes()).isZero());
    assertThat(cache.heldBytes()).isEqualTo(40);
    assertThat(ledger.heldBytes()).isEqualTo(100);
  }

  @Test
  void givesBackOnceWhenClosedTwice() {
    MemoryLedger ledger = MemoryLedger.of(100);
    MemoryAccount other = ledger.open(MemoryOwner.KV_CACHE);
    other.hold(30, "another session");
    MemoryAccount account = ledger.open(MemoryOwner.KV_CACHE);
    account.hold(50, "a session");
    account.close();
    account.close();
    assertThat(ledger.heldBytes(MemoryOwner.KV_CACHE)).isEqualTo(30);
  }

  @Test
  void namesWhatIsOpenUntilItIsClosed() {
    MemoryLedger ledger = MemoryLedger.of(100);
    ledger.reserve(MemoryOwner.WEIGHTS, 60, "the weights");
    MemoryAccount session = ledger.open(MemoryOwner.WEIGHTS, "a session");
    MemoryAccount cache = ledger.open(MemoryOwner.KV_CACHE);
    cache.hold(40, "a KV cache");
    assertThat(ledger.resources())
        .containsExactly(
            new HeldResource(MemoryOwner.WEIGHTS, "a session", 0),
            new HeldResource(MemoryOwner.KV_CACHE, "a KV cache", 40));
    assertThat(ledger.heldBytes()).isEqualTo(100);
    session.close();
    cache.close();
    assertThat(ledger.resources()).isEmpty();
    assertThat(ledger.heldBytes(MemoryOwner.WEIGHTS)).isEqualTo(60);
    assertThatIllegalStateException()
        .isThrownBy(() -> cache.hold(1, "a KV cache"))
        .withMessage("The account is closed; open another one");
  }

  @Test
  void reservesNoMoreThanTheLimit() {
    MemoryLedger ledger = MemoryLedger.of(100);
    ledger.open(MemoryOwner.KV_CACHE).hold(41, "a KV cache");
    assertThatExceptionOfType(OutOfMemoryException.class)
        .isThrownBy(() -> ledger.reserve(MemoryOwner.WEIGHTS, 60, "the weights"))
        .withMessageStartingWith("Not enough memory for the weights: 60 bytes are needed");
    assertThat(ledger.heldBytes()).isEqualTo(41);
  }

  @Test
  void refusesImpossibleLimits() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemoryLedger.of(0))
        .withMessage("The limit is 0 bytes; expected 1 or more");
  }

  @Test
  void doesNotOverflow() {
    MemoryAccount account = MemoryLedger.of(Long.MAX_VALUE).open(MemoryOwner.WEIGHTS);
    account.hold(Long.MAX_VALUE, "all there is");
    MemoryLedger small = MemoryLedger.of(10);
    assertThatExceptionOfType(OutOfMemoryException.class)
        .isThrownBy(() -> small.open(MemoryOwner.WEIGHTS).hold(Long.MAX_VALUE, "too much"));
  }

  /** Against an array of what each account holds. */
  @Property(tries = 200)
  void agreesWithNaiveAccounts(@ForAll long seed, @ForAll @IntRange(min = 1, max = 500) int limit) {
    Random random = new Random(seed);
    MemoryLedger ledger = MemoryLedger.of(limit);
    MemoryOwner[] owners = MemoryOwner.values();
    List<MemoryAccount> accounts = new ArrayList<>();
    long[] naive = new long[6];
    for (int i = 0; i < naive.length; i++) {
      accounts.add(ledger.open(owners[i % owners.length]));
    }
    for (int step = 0; step < 100; step++) {
      int i = random.nextInt(naive.length);
      long wanted = random.nextInt(200);
      long others = Arrays.stream(naive).sum() - naive[i];
      boolean fits = wanted <= naive[i] || others + wanted <= limit;
      assertThat(holds(accounts.get(i), wanted)).isEqualTo(fits);
      naive[i] = fits ? wanted : naive[i];
      assertThat(ledger.heldBytes()).isEqualTo(Arrays.stream(naive).sum());
    }
  }

  private static boolean holds(MemoryAccount account, long bytes) {
    try {
      account.hold(bytes, "a part");
      return true;
    } catch (OutOfMemoryException e) {
      return false;
    }
  }
}
