package dev.loquat.benchmarks.peers;

/** What is measured of every engine, each in tokens per second. */
enum Measure {
  /** Tokens of one prompt, computed at once. */
  PREFILL("prefill", "prefill"),
  /** One sequence. */
  DECODE("decode", "decode, batch 1"),
  /** Several sequences side by side; the tokens of all of them. */
  DECODE_TOGETHER("decodeTogether", "decode, together"),
  /** One sequence behind a long context. */
  DECODE_FAR("decodeAtContext", "decode at context");

  private final String field;
  private final String heading;

  Measure(String field, String heading) {
    this.field = field;
    this.heading = heading;
  }

  /** Its name in JSON. */
  String field() {
    return field;
  }

  /** Its name in a table. */
  String heading() {
    return heading;
  }
}
