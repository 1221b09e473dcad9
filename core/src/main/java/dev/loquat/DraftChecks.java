package dev.loquat;

import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.source.ModelSource;
import dev.loquat.error.UnsupportedModelException;
import dev.loquat.tokenizer.VocabularyMismatch;
import java.util.Optional;

/** Whether a model can draft for another. */
final class DraftChecks {
  private DraftChecks() {}

  /** A token must mean the same to both; a vocabulary may be padded in one of them. */
  static void requireFits(ModelSource source, Checkpoint draft, Checkpoint model) {
    VocabularyMismatch.find(model.folder(), draft.folder())
        .ifPresent(
            mismatch -> {
              throw new UnsupportedModelException(
                  "The draft model "
                      + source
                      + " has another vocabulary than the model: token "
                      + mismatch.token()
                      + " is "
                      + spelling(mismatch.second())
                      + ", in the model "
                      + spelling(mismatch.first())
                      + ". Use a smaller model of the same family.");
            });
  }

  static void requireSupported(ModelSource source, Support support) {
    if (support instanceof Support.Unsupported unsupported) {
      throw new UnsupportedModelException(
          "The draft model " + source + " can't run beside the model: " + unsupported.reason());
    }
  }

  private static String spelling(Optional<String> token) {
    return token.map(text -> "'" + text + "'").orElse("missing");
  }
}
