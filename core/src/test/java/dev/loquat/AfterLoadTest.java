package dev.loquat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AfterLoadTest {

  @Test
  void doesInOrderOnAThreadOfItsOwnWhatWasKept() throws Exception {
    AfterLoad afterLoad = new AfterLoad();
    List<String> done = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    CompletableFuture<Void> last = new CompletableFuture<>();
    afterLoad.execute(
        () -> {
          done.add("first");
          threads.add(Thread.currentThread());
        });
    afterLoad.execute(
        () -> {
          done.add("second");
          last.complete(null);
        });
    assertThat(done).isEmpty();
    afterLoad.begin();
    last.get(30, TimeUnit.SECONDS);
    assertThat(done).containsExactly("first", "second");
    assertThat(threads.get(0).getName()).isEqualTo("loquat-after-load");
    assertThat(threads.get(0).isDaemon()).isTrue();
  }

  @Test
  void doesNothingTwice() throws Exception {
    AfterLoad afterLoad = new AfterLoad();
    ConcurrentHashMap<Integer, Integer> runs = new ConcurrentHashMap<>();
    CompletableFuture<Void> later = new CompletableFuture<>();
    CompletableFuture<Void> once = new CompletableFuture<>();
    afterLoad.execute(
        () -> {
          runs.merge(1, 1, Integer::sum);
          once.complete(null);
        });
    afterLoad.begin();
    once.get(30, TimeUnit.SECONDS);
    afterLoad.execute(() -> later.complete(null));
    afterLoad.begin();
    later.get(30, TimeUnit.SECONDS);
    assertThat(runs).containsEntry(1, 1);
  }

  @Test
  void goesOnBehindAFailure() throws Exception {
    AfterLoad afterLoad = new AfterLoad();
    CompletableFuture<Void> second = new CompletableFuture<>();
    afterLoad.execute(
        () -> {
          throw new IllegalStateException("expected by a test");
        });
    afterLoad.execute(() -> second.complete(null));
    afterLoad.begin();
    second.get(30, TimeUnit.SECONDS);
  }
}
