package dev.loquat.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tokenizer files to open: one of bytes, one of pieces as SentencePiece makes them. */
final class TokenizerJson {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private TokenizerJson() {}

  /** 256 bytes, three special tokens, some merges. */
  static ObjectNode byteLevel() {
    try (InputStream in = TokenizerJson.class.getResourceAsStream("byte-level.json")) {
      return (ObjectNode) JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Special tokens 0 to 2, bytes 3 to 258, then pieces, with Llama 2's decoder. */
  static ObjectNode byteFallback() {
    ObjectNode root = byteLevel();
    ObjectNode model = (ObjectNode) root.path("model");
    ObjectNode vocabulary = model.putObject("vocab");
    root.putArray("added_tokens");
    for (String special : new String[] {"<unk>", "<s>", "</s>"}) {
      int id = vocabulary.size();
      vocabulary.put(special, id);
      root.withArray("added_tokens").add(addedToken(special, id));
    }
    for (int b = 0; b < 256; b++) {
      vocabulary.put(String.format("<0x%02X>", b), vocabulary.size());
    }
    for (String piece : new String[] {"▁", "a", "▁a", "▁▁", "é", "中", "😀", ".", "▁the", "!"}) {
      vocabulary.put(piece, vocabulary.size());
    }
    model.putArray("merges");
    model.put("byte_fallback", true).put("unk_token", "<unk>");
    root.set(
        "normalizer",
        read(
            "{'type':'Sequence','normalizers':[{'type':'Prepend','prepend':'▁'},"
                + "{'type':'Replace','pattern':{'String':' '},'content':'▁'}]}"));
    root.putNull("pre_tokenizer");
    root.set(
        "decoder",
        read(
            "{'type':'Sequence','decoders':["
                + "{'type':'Replace','pattern':{'String':'▁'},'content':' '},{'type':'ByteFallback'},"
                + "{'type':'Fuse'},{'type':'Strip','content':' ','start':1,'stop':0}]}"));
    return root;
  }

  private static ObjectNode addedToken(String content, int id) {
    return read("{'single_word':false,'lstrip':false,'rstrip':false,'normalized':false,'special':true}")
        .put("id", id)
        .put("content", content);
  }

  /** JSON with single quotes. */
  static ObjectNode read(String json) {
    try {
      return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Tokenizer open(ObjectNode json) {
    try {
      Path folder = Files.createTempDirectory("tokenizer");
      Path file = Files.writeString(folder.resolve("tokenizer.json"), json.toString());
      try {
        return Tokenizer.open(folder);
      } finally {
        Files.delete(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
