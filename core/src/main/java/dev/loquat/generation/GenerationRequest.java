package dev.loquat.generation;

import java.util.Objects;

/**
 * One text to generate.
 *
 * @param name what messages call the prompt, such as {@code prompts[2]}
 * @param prompt the text to go on from
 * @param addSpecialTokens whether the tokenizer puts its special tokens around the prompt, as for
 *     plain text; false where a chat template wrote them already
 * @param options how to generate
 */
public record GenerationRequest(
    String name, String prompt, boolean addSpecialTokens, GenerationOptions options) {

  /** Checks for nulls. */
  public GenerationRequest {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(options, "options");
  }
}
