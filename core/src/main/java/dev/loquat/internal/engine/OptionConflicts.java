package dev.loquat.internal.engine;

import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.GenerationOptions;
import dev.loquat.generation.SpeculationOptions;
import dev.loquat.generation.StopRules;

/** Refuses options that a call would pass over. */
final class OptionConflicts {
  private OptionConflicts() {}

  static void requireDrafter(SpeculationOptions speculation, boolean hasDraftModel) {
    if (speculation.needsDraftModel() && !hasDraftModel) {
      throw new IllegalArgumentException(
          "speculate(DRAFT_MODEL, "
              + speculation.maxDraftTokens()
              + ") needs a draft model, but this model was loaded without one. Load it with"
              + " draftModel(source), or use PROMPT_LOOKUP.");
    }
  }

  static void requireKnownStopTokens(GenerationOptions options, int vocabularySize) {
    for (int token : options.stop().tokens()) {
      if (token >= vocabularySize) {
        throw new IllegalArgumentException(
            "stopTokens has token " + token + "; the vocabulary has " + vocabularySize + " tokens");
      }
    }
  }

  static void requireBeams(GenerationOptions options, BeamOptions beams, int slots) {
    if (beams.beams() > slots) {
      throw new IllegalArgumentException(
          "beams is "
              + beams.beams()
              + ", but the model has "
              + slots
              + " slots. Load it with batch("
              + beams.beams()
              + ") or more.");
    }
    requireNoConstraint(options, "A beam search", "use samples, or no constraint");
    StopRules stop = options.stop();
    if (!stop.sequences().isEmpty()) {
      throw new IllegalArgumentException(
          "A beam search can't end at the stop sequences "
              + stop.sequences()
              + "; use stopTokens, or cut the texts that it finds.");
    }
    if (stop.included() && stop.tokens().isEmpty()) {
      throw new IllegalArgumentException(
          "A beam search has nothing to include for includeStop(true); set stopTokens, or leave it"
              + " out.");
    }
    if (options.logProbs().isPresent()) {
      throw new IllegalArgumentException(
          "A beam search can't report logProbs("
              + options.logProbs().getAsInt()
              + "); leave them out, or score the texts that it finds.");
    }
    requireNoSpeculation(options, "A beam search");
  }

  static void requireScore(GenerationOptions options) {
    requireNoConstraint(options, "A score", "leave it out, the text is given");
    if (!options.stop().equals(StopRules.NONE)) {
      throw new IllegalArgumentException(
          "A score can't end at the stop sequences "
              + options.stop().sequences()
              + ", the stop tokens "
              + options.stop().tokens()
              + " or follow includeStop; leave them out, all of the text is scored.");
    }
    requireNoSpeculation(options, "A score");
  }

  private static void requireNoConstraint(GenerationOptions options, String call, String remedy) {
    if (options.constraint().isPresent()) {
      throw new IllegalArgumentException(
          call
              + " can't follow the constraint '"
              + shortened(options.constraint().get().toString())
              + "'; "
              + remedy
              + ".");
    }
  }

  private static void requireNoSpeculation(GenerationOptions options, String call) {
    SpeculationOptions speculation = options.speculation();
    if (speculation.maxDraftTokens() > 0) {
      throw new IllegalArgumentException(
          call
              + " can't speculate("
              + speculation.source()
              + ", "
              + speculation.maxDraftTokens()
              + "); leave it out, or set it to 0.");
    }
  }

  private static String shortened(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }
}
