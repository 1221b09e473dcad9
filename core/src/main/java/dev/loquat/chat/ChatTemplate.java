package dev.loquat.chat;

import dev.loquat.chat.jinja.JinjaTemplate;
import dev.loquat.error.ChatTemplateException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns messages into the prompt that a model was trained on, exactly as transformers does.
 * Immutable and safe for use by several threads.
 *
 * <p>A template is a program out of a checkpoint: it runs without any way to reach outside, and
 * within limits of time and memory.
 */
public final class ChatTemplate {

  private final JinjaTemplate template;
  private final String bosToken;
  private final String eosToken;

  private ChatTemplate(JinjaTemplate template, String bosToken, String eosToken) {
    this.template = template;
    this.bosToken = bosToken;
    this.eosToken = eosToken;
  }

  /**
   * A template from its source.
   *
   * @param jinjaSource the template in the Jinja language
   * @param bosToken the text of the token that begins a text; empty if there is none
   * @param eosToken the text of the token that ends a text; empty if there is none
   * @return the template
   * @throws ChatTemplateException if the source is malformed
   */
  public static ChatTemplate of(String jinjaSource, String bosToken, String eosToken) {
    return new ChatTemplate(JinjaTemplate.parse(jinjaSource), bosToken, eosToken);
  }

  /**
   * The template of a checkpoint: from {@code chat_template.jinja}, else {@code
   * chat_template.json}, else {@code tokenizer_config.json}.
   *
   * @param folder the folder with the checkpoint's files
   * @return the template; empty if the checkpoint has none
   * @throws ChatTemplateException if the template is malformed, or is no text
   * @throws dev.loquat.error.CheckpointException if a file is damaged
   */
  public static Optional<ChatTemplate> find(Path folder) {
    return TemplateFiles.find(folder);
  }

  /**
   * The template of a checkpoint that must have one.
   *
   * @param folder the folder with the checkpoint's files
   * @return the template
   * @throws ChatTemplateException if there is none, or it is malformed or no text
   * @throws dev.loquat.error.CheckpointException if a file is damaged
   */
  public static ChatTemplate open(Path folder) {
    return find(folder)
        .orElseThrow(
            () ->
                new ChatTemplateException(
                    folder
                        + " has no chat template in chat_template.jinja, chat_template.json or"
                        + " tokenizer_config.json. Generate from a plain prompt instead"
                        + " (generate()), or give a template with ChatTemplate.of."));
  }

  /**
   * The prompt for a conversation.
   *
   * @param messages the messages, oldest first
   * @param addGenerationPrompt whether the prompt ends where the assistant's answer begins
   * @return the text, special tokens spelled out: encode it without adding special tokens
   * @throws ChatTemplateException if the template refuses the messages, or fails
   */
  public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
    List<Map<String, String>> values =
        messages.stream()
            .map(message -> Map.of("role", message.role(), "content", message.content()))
            .toList();
    return render(values, addGenerationPrompt, Map.of(), Clock.system(ZoneId.systemDefault()));
  }

  String render(
      List<? extends Map<String, ?>> messages,
      boolean addGenerationPrompt,
      Map<String, ?> extra,
      Clock clock) {
    Map<String, @Nullable Object> variables = new LinkedHashMap<>();
    variables.put("tools", null);
    variables.put("documents", null);
    variables.put("bos_token", bosToken);
    variables.put("eos_token", eosToken);
    variables.putAll(extra);
    variables.put("messages", messages);
    variables.put("add_generation_prompt", addGenerationPrompt);
    return template.render(variables, clock);
  }
}
