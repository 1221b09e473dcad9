package dev.loquat.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class StreamingDetokenizerTest {

  private static final Tokenizer BYTES = TokenizerJson.open(TokenizerJson.byteLevel());
  private static final Tokenizer PIECES = TokenizerJson.open(TokenizerJson.byteFallback());
  private static final Tokenizer METASPACE = withDecoder("{'type':'Metaspace','replacement':'▁'}");
  private static final Tokenizer WORDS =
      withDecoder("{'type':'WordPiece','prefix':'##','cleanup':true}");
  private static final Tokenizer NO_DECODER = withDecoder(NullNode.getInstance());
  private static final Tokenizer EDITED =
      withDecoder(
          "{'type':'Sequence','decoders':[{'type':'Fuse'},"
              + "{'type':'Replace','pattern':{'String':'aa'},'content':'b'}]}");

  @Property(tries = 3000)
  void bytesJoinToTheWholeDecode(@ForAll("byteIds") int[] ids) {
    assertThat(Streaming.joined(BYTES, ids)).isEqualTo(BYTES.decode(ids, true));
  }

  @Property(tries = 3000)
  void piecesAndByteRunsJoinToTheWholeDecode(@ForAll("pieceIds") int[] ids) {
    assertThat(Streaming.joined(PIECES, ids)).isEqualTo(PIECES.decode(ids, true));
  }

  @Property(tries = 500)
  void otherDecodersJoinToTheWholeDecode(@ForAll("pieceIds") int[] ids) {
    for (Tokenizer tokenizer : new Tokenizer[] {METASPACE, WORDS, NO_DECODER, EDITED}) {
      assertThat(Streaming.joined(tokenizer, ids)).isEqualTo(tokenizer.decode(ids, true));
    }
  }

  /** Bytes of all kinds, the parts of multi-byte characters above all; specials; unknown ids. */
  @Provide
  Arbitrary<int[]> byteIds() {
    return Arbitraries.oneOf(
            Arbitraries.integers().between(-2, 330),
            Arbitraries.of(ids(BYTES, "é中😀👩‍👧\uFFFD a")))
        .array(int[].class)
        .ofMaxSize(80);
  }

  @Provide
  Arbitrary<int[]> pieceIds() {
    return Arbitraries.oneOf(
            Arbitraries.integers().between(-2, 300),
            Arbitraries.integers().between(259, 268),
            Arbitraries.of(ids(PIECES, "ñ🎉 a")))
        .array(int[].class)
        .ofMaxSize(80);
  }

  @Test
  void holdsASplitEmojiBack() {
    int[] ids = BYTES.encode("a😀b", false);
    StreamingDetokenizer detokenizer = BYTES.detokenizer();
    assertThat(Arrays.stream(ids).mapToObj(detokenizer::accept))
        .containsExactly("a", "", "", "", "😀", "b");
    assertThat(detokenizer.finish()).isEmpty();
  }

  @Test
  void givesWhatIsUnfinishedAtTheEnd() {
    StreamingDetokenizer detokenizer = BYTES.detokenizer();
    assertThat(detokenizer.accept(BYTES.encode("😀", false)[0])).isEmpty();
    assertThat(detokenizer.finish()).isEqualTo("\uFFFD");
  }

  @Test
  void takesNoTokensAfterTheEnd() {
    StreamingDetokenizer detokenizer = BYTES.detokenizer();
    assertThat(detokenizer.finish()).isEmpty();
    assertThatThrownBy(() -> detokenizer.accept(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(detokenizer::finish).isInstanceOf(IllegalStateException.class);
  }

  private static Integer[] ids(Tokenizer tokenizer, String text) {
    return Arrays.stream(tokenizer.encode(text, false)).boxed().toArray(Integer[]::new);
  }

  private static Tokenizer withDecoder(String decoder) {
    return withDecoder(TokenizerJson.read(decoder));
  }

  private static Tokenizer withDecoder(JsonNode decoder) {
    ObjectNode json = TokenizerJson.byteFallback();
    json.set("decoder", decoder);
    return TokenizerJson.open(json);
  }
}
