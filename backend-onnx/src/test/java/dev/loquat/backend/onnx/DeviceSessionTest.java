package dev.loquat.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import dev.loquat.backend.TokenDraw;
import dev.loquat.error.OutOfMemoryException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Sessions whose caches and logits come from the runtime's allocator, as on GPUs. */
class DeviceSessionTest extends OnnxSessionTest {

  @Override
  RunMode mode() {
    return RunMode.ON_DEVICE;
  }

  @Test
  void drawsTheLikeliestTokenOfEveryRow() {
    Logits logits =
        session()
            .forward(
                new ForwardBatch(
                    List.of(
                        new ForwardRow(3, 0, Steps.tokens(9, 1, VOCABULARY), 4),
                        Steps.row(0, 0, 5),
                        Steps.row(2, 0, 7))));
    assertThat(logits.draws()).isTrue();
    List<TokenDraw> likeliest =
        IntStream.range(0, 6).mapToObj(row -> new TokenDraw(row, 1, 1, 1, 0, 0)).toList();
    List<TokenDraw> sampled =
        IntStream.range(0, 6).mapToObj(row -> new TokenDraw(row, 0.9, 1, 1, 0, 0.4)).toList();
    int[] expected = IntStream.range(0, 6).map(row -> greatest(logits, row)).toArray();
    assertThat(IntStream.of(expected).distinct()).as("different rows").hasSizeGreaterThan(1);
    assertThat(logits.draw(likeliest)).isEqualTo(expected);
    assertThat(logits.draw(sampled)).isEqualTo(expected);
    assertThat(logits.draw(List.of())).isEmpty();
  }

  @Test
  void refusesToDrawFromLogitsOfAnEarlierStep() {
    Logits stale = session().forward(new ForwardBatch(List.of(Steps.row(0, 0, 1))));
    Steps.last(session(), 0, 2);
    assertThatIllegalStateException()
        .isThrownBy(() -> stale.draw(List.of(new TokenDraw(0, 1, 1, 1, 0, 0))));
  }

  @Test
  void countsLogitsAndGivesThemBack() {
    Steps.last(session(), 0, 1);
    backend().emptyCache();
    long before = backend().allocatedBytes();
    Steps.forward(session(), new ForwardRow(0, 1, new int[] {2, 3, 4}, 3));
    assertThat(backend().allocatedBytes() - before).isEqualTo(3L * VOCABULARY * Float.BYTES);
    backend().emptyCache();
    assertThat(backend().allocatedBytes()).isEqualTo(before);
  }

  private static int greatest(Logits logits, int row) {
    float[] numbers = new float[VOCABULARY];
    logits.read(row, numbers);
    return IntStream.range(0, VOCABULARY)
        .reduce((best, id) -> numbers[id] > numbers[best] ? id : best)
        .orElseThrow();
  }

  @Test
  void failsTypedWhereTheAllocatorHasNotEnough() {
    long before = backend().allocatedBytes();
    assertThatExceptionOfType(OutOfMemoryException.class)
        .isThrownBy(() -> backend().openSession(new CacheLayout(1 << 30, 256)))
        .withMessageContaining("Not enough memory to open a KV cache (1073741824 slots")
        .withMessageContaining("ONNX Runtime says:")
        .withMessageContaining(
            " GiB for a layer's KV cache (a batch of 1073741824 with 256 tokens each)");
    assertThat(backend().allocatedBytes()).isEqualTo(before);
  }
}
