package dev.loquat.benchmarks.serving;

import dev.loquat.Generator;
import dev.loquat.chat.ChatMessage;
import dev.loquat.generation.GenerationResult;
import java.util.List;

/**
 * A chat of two turns.
 *
 * @param first the answer to a long text
 * @param second the answer to a question on it
 */
record TwoTurns(GenerationResult first, GenerationResult second) {

  /** Holds the chat. No two numbers begin alike, so that the first turn is computed whole. */
  static TwoTurns hold(Generator generator, int number, String text, int newTokens) {
    ChatMessage opening = ChatMessage.system(number + " is the number of this conversation.");
    ChatMessage request = ChatMessage.user(text + "\n\nWhat is this text about?");
    GenerationResult first = generator.maxNewTokens(newTokens).chat(List.of(opening, request));
    GenerationResult second =
        generator
            .maxNewTokens(1)
            .chat(
                List.of(
                    opening,
                    request,
                    ChatMessage.assistant(first.text()),
                    ChatMessage.user("Where does it take place?")));
    return new TwoTurns(first, second);
  }

  double ratio() {
    return seconds(first) / seconds(second);
  }

  /** The time to the first token. */
  static double seconds(GenerationResult turn) {
    return turn.timings().timeToFirstToken().orElseThrow().toNanos() / 1e9;
  }
}
