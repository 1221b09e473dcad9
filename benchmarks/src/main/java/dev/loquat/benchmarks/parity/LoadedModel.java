package dev.loquat.benchmarks.parity;

import dev.loquat.Generator;
import dev.loquat.Model;
import dev.loquat.tokenizer.Tokenizer;
import java.util.List;
import java.util.Set;

/**
 * A model as applications load it, and what turns a reference's tokens into what callers give and
 * get.
 *
 * @param model the model; stays the caller's
 * @param options how the engine generates
 * @param tokenizer the model's tokenizer; stays the caller's
 * @param endTokens the tokens that end a text
 */
record LoadedModel(
    Model model, EngineOptions options, Tokenizer tokenizer, Set<Integer> endTokens) {

  /** The public API with the checkpoint's own defaults, but greedy. */
  Generator generator() {
    return model.generator().temperature(0);
  }

  /** It, with the tokens guessed ahead that the options ask for. */
  Generator speculating() {
    return options.apply(generator());
  }

  /** The text that a caller has to give for these tokens. */
  String prompt(List<Integer> ids) {
    return PromptText.of(ids, tokenizer);
  }
}
