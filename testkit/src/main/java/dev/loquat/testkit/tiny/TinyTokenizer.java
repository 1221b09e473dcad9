package dev.loquat.testkit.tiny;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A byte-level tokenizer without merges: token ids 0 to 255 are the bytes, then come the special
 * tokens; with a ChatML template.
 */
final class TinyTokenizer {
  static final int BYTES = 256;
  static final int START_TOKEN = 256;
  static final int END_TOKEN = 257;
  static final int PAD_TOKEN = 258;

  private static final List<String> SPECIAL = List.of("<|im_start|>", "<|im_end|>", "<|pad|>");
  private static final String TEMPLATE =
      "{% for message in messages %}"
          + "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
          + "{% endfor %}"
          + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

  private final JsonMapper json = new JsonMapper();

  /** The fewest token ids that a model with this tokenizer may have. */
  static int vocabularySize() {
    return BYTES + SPECIAL.size();
  }

  void write(Path folder) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer().toPrettyString());
    Files.writeString(folder.resolve("tokenizer_config.json"), config().toPrettyString());
  }

  private ObjectNode config() {
    return json.createObjectNode()
        .put("tokenizer_class", "PreTrainedTokenizerFast")
        .put("bos_token", SPECIAL.get(0))
        .put("eos_token", SPECIAL.get(1))
        .put("pad_token", SPECIAL.get(2))
        .put("chat_template", TEMPLATE);
  }

  private ObjectNode tokenizer() {
    ObjectNode root = json.createObjectNode().put("version", "1.0");
    root.putNull("truncation").putNull("padding");
    addSpecialTokens(root.putArray("added_tokens"));
    root.putNull("normalizer").putNull("post_processor");
    byteLevel(root.putObject("pre_tokenizer"));
    byteLevel(root.putObject("decoder"));
    ObjectNode model = root.putObject("model").put("type", "BPE");
    addLetters(model.putObject("vocab"));
    model.putArray("merges");
    return root;
  }

  private static void byteLevel(ObjectNode node) {
    node.put("type", "ByteLevel").put("add_prefix_space", false);
    node.put("trim_offsets", true).put("use_regex", false);
  }

  private static void addSpecialTokens(ArrayNode tokens) {
    for (String content : SPECIAL) {
      ObjectNode token = tokens.addObject();
      token.put("id", BYTES + tokens.size() - 1).put("content", content);
      token.put("single_word", false).put("lstrip", false).put("rstrip", false);
      token.put("normalized", false).put("special", true);
    }
  }

  /** GPT-2's letter of each byte: itself where it is printable, else the next from U+0100 on. */
  private static void addLetters(ObjectNode vocabulary) {
    int unprintable = BYTES;
    for (int value = 0; value < BYTES; value++) {
      vocabulary.put(Character.toString(isPrintable(value) ? value : unprintable++), value);
    }
  }

  private static boolean isPrintable(int value) {
    return (value >= '!' && value <= '~')
        || (value >= 0xa1 && value <= 0xac)
        || (value >= 0xae && value <= 0xff);
  }
}
