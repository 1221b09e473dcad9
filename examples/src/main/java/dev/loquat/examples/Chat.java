package dev.loquat.examples;

import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.chat.ChatMessage;
import java.util.List;

/** Answers a conversation through the checkpoint's own chat template. */
public final class Chat {

  private Chat() {}

  /**
   * Runs the example.
   *
   * @param args a model's folder or hub name; the tiny model if there is none
   */
  public static void main(String[] args) {
    System.exit(ModelExample.run(args, Loquat.TINY_MODEL, Chat::run));
  }

  private static void run(String source) {
    try (Model model = Loquat.model(source).load()) {
      List<ChatMessage> messages = List.of(ChatMessage.user("What is a KV cache?"));
      System.out.println(model.generator().chat(messages).text());
    }
  }
}
