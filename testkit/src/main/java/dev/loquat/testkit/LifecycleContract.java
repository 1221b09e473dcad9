package dev.loquat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.loquat.backend.Backend;
import dev.loquat.backend.BackendOptions;
import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.device.Precision;
import dev.loquat.memory.MemoryLedger;
import dev.loquat.memory.MemoryOwner;
import dev.loquat.memory.OwnedMemory;
import dev.loquat.testkit.reference.ReferenceLogits;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who owns what, from open to close. */
abstract class LifecycleContract extends SlotContract {
  private static final ForwardBatch STEP = batch(new ForwardRow(0, 0, new int[] {1, 2}, 1));

  LifecycleContract() {}

  @Test
  void needsNoOpenCheckpointOnceItIsOpen() throws IOException {
    Checkpoint checkpoint = checkpoint(ContractModel.PLAIN);
    ReferenceLogits reference = reference(checkpoint);
    Backend backend = openBackend(checkpoint, Precision.FP32);
    checkpoint.close();
    DecoderSession session = backend.openSession(LAYOUT);
    new CheckedSession(session, reference, tolerance(Precision.FP32)).append(0, tokens(9, 1), 9);
  }

  @Test
  void leavesTheCheckpointOpen() throws IOException {
    try (Checkpoint checkpoint = checkpoint(ContractModel.PLAIN)) {
      openBackend(checkpoint, Precision.FP32).close();
      reference(checkpoint);
    }
  }

  /** Whoever runs what comes after a load may be closed or full. */
  @Test
  void closesWhatItLoadedIfWhatComesAfterTheLoadIsRefused() throws IOException {
    MemoryLedger ledger = MemoryLedger.unlimited();
    BackendOptions plain = options(device(), Precision.FP32);
    Executor full =
        task -> {
          throw new RejectedExecutionException("the test's executor is full");
        };
    BackendOptions options =
        new BackendOptions(
            plain.device(),
            plain.precision(),
            plain.threads(),
            plain.conversionCache(),
            ledger,
            plain.half(),
            plain.cachePrecision(),
            full);
    try (Checkpoint checkpoint = checkpoint(ContractModel.PLAIN)) {
      Throwable failure = catchThrowable(() -> provider().open(checkpoint, options).close());
      if (failure != null) {
        assertThat(failure).isInstanceOf(RejectedExecutionException.class);
      }
    }
    assertThat(ledger.resources()).isEmpty();
  }

  @Test
  void sessionHasTheLayoutItWasOpenedWith() throws IOException {
    CacheLayout layout = new CacheLayout(3, 17);
    assertThat(openBackend().openSession(layout).layout()).isEqualTo(layout);
  }

  @Test
  void layoutLimitsSlotsAndContext() throws IOException {
    DecoderSession session = openBackend().openSession(new CacheLayout(1, 17));
    session.forward(batch(new ForwardRow(0, 0, tokens(17, 2), 1)));
    assertThatThrownBy(() -> session.forward(batch(new ForwardRow(1, 0, tokens(1, 3), 1))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> session.forward(batch(new ForwardRow(0, 17, tokens(1, 4), 1))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void sessionsOfOneBackendAreIndependent() throws IOException {
    Backend backend = openBackend();
    CheckedSession first = sessionOf(backend);
    CheckedSession second = sessionOf(backend);
    first.append(0, tokens(14, 5), 1);
    second.append(0, tokens(23, 6), 1);
    first.append(0, tokens(2, 7), 2);
    first.session().close();
    second.append(0, tokens(2, 8), 2);
  }

  @Test
  void backendsOfDifferentModelsAreIndependent() throws IOException {
    CheckedSession plain = openPlain();
    CheckedSession other = openSession(ContractModel.ONE_LAYER, Precision.FP32);
    plain.append(0, tokens(14, 9), 1);
    other.append(0, tokens(14, 10), 1);
    plain.append(0, tokens(1, 11), 1);
    other.append(0, tokens(1, 12), 1);
  }

  @Test
  void worksOnAnotherThreadThanTheOneThatOpenedIt() throws IOException {
    CheckedSession session = openPlain();
    CompletableFuture.runAsync(
            () -> {
              session.append(0, tokens(14, 13), 14);
              session.session().close();
            },
            task -> new Thread(task, "contract-step").start())
        .join();
  }

  @Test
  void closedSessionRefusesWork() throws IOException {
    DecoderSession session = openPlain().session();
    session.close();
    assertRefused(session);
  }

  @Test
  void closedBackendRefusesSessions() throws IOException {
    Backend backend = openBackend();
    backend.close();
    assertThatThrownBy(() -> backend.openSession(LAYOUT)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closingTheBackendClosesItsSessions() throws IOException {
    Backend backend = openBackend();
    DecoderSession used = backend.openSession(LAYOUT);
    DecoderSession fresh = backend.openSession(LAYOUT);
    used.forward(STEP);
    backend.close();
    assertRefused(used);
    assertRefused(fresh);
  }

  @Test
  void closeTwiceIsFine() throws IOException {
    Backend backend = openBackend();
    DecoderSession session = backend.openSession(LAYOUT);
    session.close();
    session.close();
    backend.close();
    backend.close();
    session.close();
  }

  @Test
  void sessionOpensAfterAnotherWasClosed() throws IOException {
    Backend backend = openBackend();
    backend.openSession(LAYOUT).close();
    sessionOf(backend).append(0, tokens(5, 14), 5);
  }

  @Test
  void allocatedBytesCountWeightsUntilClose() throws IOException {
    Backend backend = openBackend();
    assertThat(backend.allocatedBytes()).isPositive();
    backend.close();
    assertThat(backend.allocatedBytes()).isZero();
  }

  @Test
  void ownersAddUpToWhatIsAllocated() throws IOException {
    Backend backend = openBackend();
    DecoderSession session = backend.openSession(LAYOUT);
    session.forward(STEP);
    assertAddsUp(backend);
    long slots = IntStream.range(0, LAYOUT.slots()).mapToLong(session::slotBytes).sum();
    assertThat(slots).as("bytes of all slots").isBetween(0L, backend.allocatedBytes());
    session.close();
    assertAddsUp(backend);
    backend.close();
    assertAddsUp(backend);
  }

  private static void assertAddsUp(Backend backend) {
    OwnedMemory owned = backend.ownedMemory();
    if (!owned.equals(OwnedMemory.UNTOLD)) {
      long sum = Stream.of(MemoryOwner.values()).mapToLong(owned::bytes).sum();
      assertThat(sum).as("bytes of all owners").isEqualTo(backend.allocatedBytes());
    }
  }

  @Test
  void closedSessionGivesItsBytesBack() throws IOException {
    Backend backend = openBackend();
    long before = backend.allocatedBytes();
    DecoderSession session = backend.openSession(LAYOUT);
    session.forward(batch(new ForwardRow(0, 0, tokens(CONTEXT, 15), 1)));
    long during = backend.allocatedBytes();
    session.close();
    backend.emptyCache();
    assertThat(during).as("bytes with a full slot").isGreaterThan(before);
    assertThat(backend.allocatedBytes()).as("bytes after the session").isLessThan(during);
  }

  @Test
  void emptyCacheKeepsTheContentsOfSlots() throws IOException {
    Backend backend = openBackend();
    CheckedSession session = sessionOf(backend);
    session.append(2, tokens(31, 16), 1);
    backend.emptyCache();
    session.append(2, tokens(4, 17), 4);
    backend.emptyCache();
    session.append(3, tokens(40, 18), 40);
  }

  @Test
  void clearedSlotStartsAnewBesideOthersThatStay() throws IOException {
    Backend backend = openBackend();
    CheckedSession session = sessionOf(backend);
    session.append(1, tokens(CONTEXT, 19), 1);
    session.append(2, tokens(31, 20), 1);
    long before = backend.allocatedBytes();
    session.clear(1);
    backend.emptyCache();
    assertThat(backend.allocatedBytes()).as("bytes without the slot").isLessThanOrEqualTo(before);
    session.append(2, tokens(4, 21), 4);
    session.append(1, tokens(40, 22), 40);
    session.append(2, tokens(4, 23), 4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> session.session().clearSlot(LAYOUT.slots()));
  }

  private static void assertRefused(DecoderSession session) {
    assertThatThrownBy(() -> session.forward(STEP)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> session.copySlot(0, 1, 1)).isInstanceOf(IllegalStateException.class);
  }
}
