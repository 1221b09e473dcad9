package dev.loquat.benchmarks.speculation;

import dev.loquat.Generator;
import dev.loquat.TextStream;
import dev.loquat.benchmarks.Passages;
import dev.loquat.chat.ChatMessage;
import java.util.List;
import java.util.stream.Stream;

/** What a model is asked for. */
interface Task {

  /** Gives it to the engine, where it may run beside others. */
  TextStream begin(Generator generator);

  /** Goes on from a text. */
  static Task prompt(String text) {
    return generator -> generator.stream(text);
  }

  /** Answers a message, by the checkpoint's own chat template. */
  static Task message(String text) {
    return generator -> generator.streamChat(List.of(ChatMessage.user(text)));
  }

  /** Asks for a summary of each passage with quotes from it, in two ways. */
  static List<Task> summaries() {
    return Passages.read().texts().stream().flatMap(Task::summaries).toList();
  }

  private static Stream<Task> summaries(String passage) {
    return Stream.of(
            "Summarize the text below in one sentence. Then quote its three most important"
                + " sentences, word for word.\n\nText: "
                + passage,
            passage
                + "\n\nWrite a short summary of this text. Quote the sentences of the text that"
                + " support it.")
        .map(Task::message);
  }
}
