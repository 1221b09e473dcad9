package dev.loquat.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.EngineException;
import org.junit.jupiter.api.Test;

class TorchFailureTest {
  private static final String TRACE =
      """
      The following operation failed in the TorchScript interpreter.
      Traceback of TorchScript (most recent call last):
        File "code/__torch__.py", line 81, in fill
          ~~~~ <--- HERE
      RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB.
      """;

  @Test
  void saysWhatPyTorchSaidWithoutItsTrace() {
    assertThat(TorchFailure.firstSentence(new EngineException(TRACE)))
        .isEqualTo("CUDA out of memory");
    assertThat(TorchFailure.firstSentence(new EngineException("\nno such method: \nmore")))
        .isEqualTo("no such method:");
  }

  @Test
  void tellsWhatHelpsWhenMemoryRunsOut() {
    EngineException failure = new EngineException(TRACE);
    assertThat(TorchFailure.during("forward", failure))
        .hasCause(failure)
        .hasMessage(
            "The device is out of memory in 'forward': CUDA out of memory. Use a smaller model,"
                + " fewer sequences, a shorter context or FP16.");
  }
}
