package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StageCacheTest {

  @ParameterizedTest
  @CsvSource({
    "0, 1, 8192, 128",
    "128, 129, 8192, 256",
    "128, 1000, 8192, 1024",
    "128, 129, 200, 200",
    "0, 3, 64, 64",
    "128, 2147483647, 2147483647, 2147483647"
  })
  void doublesUntilTheTokensFit(int capacity, int tokens, int limit, int grown) {
    assertThat(StageCache.grown(capacity, tokens, limit)).isEqualTo(grown);
  }
}
