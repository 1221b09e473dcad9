package dev.loquat.benchmarks.parity;

import dev.loquat.tokenizer.Tokenizer;
import java.nio.file.Path;

/** One case of a reference file. */
sealed interface ReferenceCase {

  /** A case that needs the weights. */
  sealed interface OfModel extends ReferenceCase permits LogProbCase, GreedyCase, FamilyCase {

    /** The tokens of the sequence, those that the model generates included. */
    int length();

    void compare(Scorer scorer, Tolerance tolerance, Tally tally);
  }

  /** A case that the engine can run, through the public API. */
  sealed interface OfEngine extends ReferenceCase permits LogProbCase, GreedyCase, BeamCase {

    /** The tokens of the sequence, those that the model generates included. */
    int length();

    /** How many slots it takes at once. */
    default int slots() {
      return 1;
    }

    /** Gives the case to the engine, where it may run beside others. */
    EngineComparison begin(LoadedModel model);
  }

  /** A case of texts and token ids, exact. */
  sealed interface OfText extends ReferenceCase permits TokenizerCase, ChatCase {

    void compare(Path model, Tokenizer tokenizer, Tally tally);
  }

  /** A case of logits that the file holds itself. */
  sealed interface OfLogits extends ReferenceCase permits SamplingCase {

    void compare(Tally tally);
  }
}
