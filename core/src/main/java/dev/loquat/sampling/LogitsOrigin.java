package dev.loquat.sampling;

import dev.loquat.error.BackendException;
import dev.loquat.error.LoquatException;
import dev.loquat.error.SamplingException;

/** Who wrote logits last, and so is to blame if none can be chosen. */
enum LogitsOrigin {
  MODEL {
    @Override
    LoquatException notFinite(int token, float logit) {
      return new BackendException(
          "The model's logit of token "
              + token
              + " is "
              + logit
              + "; expected a number. The model's numbers overflow: load it in a wider precision,"
              + " or check its weights.");
    }

    @Override
    LoquatException noneFinite(int count) {
      return new BackendException(
          "None of the model's "
              + count
              + " logits is finite; expected at least one. The model's numbers overflow: load it"
              + " in a wider precision, or check its weights.");
    }
  },
  PROCESSORS {
    @Override
    LoquatException notFinite(int token, float logit) {
      return new SamplingException(
          "Penalties, token rules and processors made the logit of token "
              + token
              + " "
              + logit
              + "; expected a number or negative infinity. Choose smaller ones, or check the"
              + " processors.");
    }

    @Override
    LoquatException noneFinite(int count) {
      return new SamplingException(
          "Penalties, token rules, processors and the constraint left none of "
              + count
              + " tokens to choose; expected at least one. Ban fewer tokens, or check the"
              + " processors and whether the constraint allows what the rules ask for.");
    }
  };

  abstract LoquatException notFinite(int token, float logit);

  abstract LoquatException noneFinite(int count);
}
