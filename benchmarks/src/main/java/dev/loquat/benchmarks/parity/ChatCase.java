package dev.loquat.benchmarks.parity;

import dev.loquat.chat.ChatMessage;
import dev.loquat.chat.ChatTemplate;
import dev.loquat.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;

/**
 * A conversation and the prompt for its next answer.
 *
 * @param messages the messages, oldest first
 * @param rendered the prompt
 * @param ids the prompt's tokens
 */
record ChatCase(List<ChatMessage> messages, String rendered, List<Integer> ids)
    implements ReferenceCase.OfText {

  @Override
  public void compare(Path model, Tokenizer tokenizer, Tally tally) {
    String prompt = ChatTemplate.open(model).render(messages, true);
    ExactText.compare("rendered", prompt, rendered, tally);
    ExactText.compareIds(tokenizer.encode(prompt, false), ids, tally);
  }
}
