package dev.loquat.testkit.scripted;

import dev.loquat.backend.BackendProvider;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.testkit.BackendContract;
import dev.loquat.testkit.reference.ReferenceLogits;
import java.util.Arrays;

class ScriptedBackendContractTest extends BackendContract {

  @Override
  protected BackendProvider provider() {
    return new ScriptedBackendProvider();
  }

  @Override
  protected ReferenceLogits reference(Checkpoint checkpoint) {
    int vocabularySize = checkpoint.config().vocabularySize();
    Script script = Script.checksum(vocabularySize);
    return tokens -> {
      double[][] logits = new double[tokens.length][vocabularySize];
      for (int i = 0; i < tokens.length; i++) {
        logits[i][script.next(Arrays.copyOf(tokens, i + 1))] = ScriptedBackend.LIKELIEST;
      }
      return logits;
    };
  }
}
