package dev.loquat.tokenizer;

/** Feeds ids one by one. */
final class Streaming {

  private Streaming() {}

  static String joined(Tokenizer tokenizer, int[] ids) {
    StreamingDetokenizer detokenizer = tokenizer.detokenizer();
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(detokenizer.accept(id));
    }
    return text.append(detokenizer.finish()).toString();
  }
}
