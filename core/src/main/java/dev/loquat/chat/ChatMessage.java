package dev.loquat.chat;

import java.util.Objects;

/**
 * A message of a conversation.
 *
 * @param role who speaks: "system", "user", "assistant", or what else the chat template knows
 * @param content what is said
 */
public record ChatMessage(String role, String content) {

  /** Checks for nulls. */
  public ChatMessage {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(content, "content");
  }

  /**
   * An instruction that stands above the conversation.
   *
   * @param content what is said
   * @return a message with the role "system"
   */
  public static ChatMessage system(String content) {
    return new ChatMessage("system", content);
  }

  /**
   * What the user says.
   *
   * @param content what is said
   * @return a message with the role "user"
   */
  public static ChatMessage user(String content) {
    return new ChatMessage("user", content);
  }

  /**
   * What the model said.
   *
   * @param content what is said
   * @return a message with the role "assistant"
   */
  public static ChatMessage assistant(String content) {
    return new ChatMessage("assistant", content);
  }
}
