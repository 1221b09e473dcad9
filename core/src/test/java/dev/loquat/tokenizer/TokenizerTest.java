package dev.loquat.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.error.CheckpointException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.error.PromptTooLongException;
import dev.loquat.error.UnsupportedModelException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {

  @TempDir Path folder;

  @Test
  void neitherTruncatesNorPadsWhateverTheFileSays() {
    ObjectNode json = TokenizerJson.byteLevel();
    json.set(
        "truncation",
        TokenizerJson.read(
            "{'direction':'Right','max_length':4,'strategy':'LongestFirst','stride':9}"));
    json.set(
        "padding",
        TokenizerJson.read(
            "{'strategy':{'Fixed':100},'direction':'Right','pad_to_multiple_of':8,'pad_id':258,"
                + "'pad_type_id':0,'pad_token':'<pad>'}"));
    try (Tokenizer tokenizer = TokenizerJson.open(json)) {
      assertThat(tokenizer.encode("xyz", true)).hasSize(3);
      assertThat(tokenizer.encode("z q".repeat(5000), true)).hasSizeGreaterThanOrEqualTo(5000);
      assertThat(tokenizer.decode(tokenizer.encode("z q".repeat(5000), true), true))
          .isEqualTo("z q".repeat(5000));
    }
  }

  @Test
  void recognisesSpecialTokensInTheText() {
    try (Tokenizer tokenizer = TokenizerJson.open(TokenizerJson.byteLevel())) {
      int[] ids = tokenizer.encode("<s>x</s>", false);
      assertThat(ids).hasSize(3).startsWith(256).endsWith(257);
      assertThat(tokenizer.decode(ids, true)).isEqualTo("x");
      assertThat(tokenizer.decode(ids, false)).isEqualTo("<s>x</s>");
      assertThat(tokenizer.vocabularySize()).isEqualTo(320);
    }
  }

  @Test
  void bearsLoneSurrogatesZerosAndUnknownIds() {
    try (Tokenizer tokenizer = TokenizerJson.open(TokenizerJson.byteLevel())) {
      int[] ids = tokenizer.encode("a\ud800b\0c\udc00😀", false);
      assertThat(tokenizer.decode(ids, true)).isEqualTo("a\uFFFDb\0c\uFFFD😀");
      assertThat(tokenizer.decode(new int[] {-1, 65, 1_000_000, Integer.MAX_VALUE}, true))
          .isEqualTo("A");
    }
  }

  @Test
  void refusesATextThatIsTooLongForTheLibrary() {
    try (Tokenizer tokenizer = TokenizerJson.open(TokenizerJson.byteLevel())) {
      String text = " ".repeat((1 << 22) + 1);
      assertThatThrownBy(() -> tokenizer.encode(text, true))
          .isInstanceOf(PromptTooLongException.class)
          .hasMessageContaining("4194305 characters; expected at most 4194304");
    }
  }

  @Test
  void saysThatItIsClosed() {
    Tokenizer tokenizer = TokenizerJson.open(TokenizerJson.byteLevel());
    StreamingDetokenizer detokenizer = tokenizer.detokenizer();
    tokenizer.close();
    tokenizer.close();
    assertThatThrownBy(() -> tokenizer.encode("a", true))
        .isInstanceOf(ModelClosedException.class)
        .hasMessageContaining("is closed");
    assertThatThrownBy(() -> tokenizer.decode(new int[1], true))
        .isInstanceOf(ModelClosedException.class);
    assertThatThrownBy(() -> detokenizer.accept(1)).isInstanceOf(ModelClosedException.class);
  }

  @Test
  void closesWhileOtherThreadsEncode() throws Exception {
    for (int round = 0; round < 20; round++) {
      Tokenizer tokenizer = TokenizerJson.open(TokenizerJson.byteLevel());
      CountDownLatch encoding = new CountDownLatch(2);
      CompletableFuture<Void> one = CompletableFuture.runAsync(() -> encode(tokenizer, encoding));
      CompletableFuture<Void> two = CompletableFuture.runAsync(() -> encode(tokenizer, encoding));
      assertThat(encoding.await(60, TimeUnit.SECONDS)).isTrue();
      tokenizer.close();
      for (CompletableFuture<Void> thread : List.of(one, two)) {
        assertThatThrownBy(() -> thread.get(60, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(ModelClosedException.class);
      }
    }
  }

  private static void encode(Tokenizer tokenizer, CountDownLatch encoding) {
    while (true) {
      tokenizer.decode(tokenizer.encode("some text ".repeat(50), true), true);
      encoding.countDown();
    }
  }

  @Test
  void saysThatTheFileIsMissing() {
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(folder.resolve("tokenizer.json") + " does not exist")
        .hasMessageContaining("save_pretrained");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|is not a JSON object",
        "{'model'|is not JSON",
        "[]|is not a JSON object",
        "{}|has no object 'model'",
        "{'model':{'type':'BPE','vocab':{},'merges':[]}}|has no tokens in 'model.vocab'",
        "{'model':{'type':'BPE','vocab':7,'merges':[]}}|has no tokens in 'model.vocab'",
        "{'model':{'vocab':{'a':-1}}}|gives token 'a' the id -1",
        "{'model':{'vocab':{'a':1.5}}}|gives token 'a' the id 1.5",
        "{'model':{'vocab':{'a':2147483647}}}|gives token 'a' the id 2147483647",
        "{'model':{'vocab':{'a':0}},'added_tokens':7}|has 'added_tokens' that are not a list",
        "{'model':{'vocab':{'a':0}},'added_tokens':[7]}|the id",
        "{'model':{'vocab':{'a':0}},'decoder':'x'}|has a 'decoder' that is not an object",
        "{'model':{'type':'XYZ','vocab':{'a':0}}}|is no tokenizer: "
      })
  void refusesDamagedFiles(String json, String problem) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), json.replace('\'', '"'));
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(folder.resolve("tokenizer.json").toString())
        .hasMessageContaining(problem)
        .hasMessageContainingAll("etch", "again");
  }

  @Test
  void refusesAFileThatIsNotText() throws IOException {
    Files.write(folder.resolve("tokenizer.json"), new byte[] {'{', (byte) 0xFF});
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("is not UTF-8 text");
  }

  @Test
  void refusesAHugeFileWithoutReadingIt() throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(folder.resolve("tokenizer.json").toFile(), "rw")) {
      file.setLength(5L << 30);
    }
    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("has 5368709120 bytes; expected at most");
  }

  /** Each of these ends the process when it comes to native code. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "normalizer|{'type':'Replace','pattern':{'String':''},'content':'x'}",
        "normalizer|{'type':'Sequence','normalizers':[{'type':'Prepend','prepend':''}]}",
        "decoder|{'type':'Strip','content':'H','start':0,'stop':9}",
        "pre_tokenizer|{'type':'FixedLength','length':0}",
        "post_processor|{'type':'TemplateProcessing','single':[{'SpecialToken':{'id':'Q'}}],"
            + "'pair':[],'special_tokens':{}}",
        "post_processor|{'type':'TemplateProcessing','single':[{'Sequence':{'id':'B'}}],"
            + "'pair':[],'special_tokens':{}}"
      })
  void refusesPartsThatCannotBeApplied(String part, String json) {
    ObjectNode root = TokenizerJson.byteLevel();
    root.set(part, TokenizerJson.read(json));
    assertThatThrownBy(() -> TokenizerJson.open(root))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("has a part that cannot be applied: {");
  }

  @Test
  void refusesAPrecompiledNormalizer() {
    ObjectNode root = TokenizerJson.byteLevel();
    root.set(
        "normalizer", TokenizerJson.read("{'type':'Precompiled','precompiled_charsmap':'AAAA'}"));
    assertThatThrownBy(() -> TokenizerJson.open(root))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("the normalizer 'Precompiled', which is not supported");
  }

  @Test
  void refusesMergesThatCutAPrefix() {
    ObjectNode root = TokenizerJson.byteLevel();
    ((ObjectNode) root.path("model")).put("continuing_subword_prefix", "##");
    assertThatThrownBy(() -> TokenizerJson.open(root))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("'continuing_subword_prefix'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "^(a|a)*$",
        "(?:a|aa|aaa){1,50}(?<!a)",
        "(a?){40}a{40}",
        "a*a*a*a*(?<!a|!)",
        "(?=(a+)+$)",
        "(\\w|a)+(?<!a)",
        "\\s*\\s*(?<!\\s|!)",
        "a*(?:a*b)",
        "a?a?a?a?a?a?a?a",
        "(?<n>a)\\g<n>",
        "(a)\\1",
        "(?~a)",
        "(",
        "a)",
        "[",
        "\\",
        "a**",
        "a*{1,9}",
        "a{1,9}+"
      })
  void refusesPatternsThatCanBacktrackWithoutEnd(String pattern) {
    assertThat(PatternChecks.isSafe(pattern)).isFalse();
    ObjectNode root = TokenizerJson.byteLevel();
    ObjectNode split = TokenizerJson.read("{'type':'Split','behavior':'Isolated','invert':false}");
    split.putObject("pattern").put("Regex", pattern);
    root.set("pre_tokenizer", split);
    assertThatThrownBy(() -> TokenizerJson.open(root))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("a pattern that may take endless time");
  }

  /** GPT-2, Llama 3, GPT-4o, DeepSeek-V3, OLMo 2, BLOOM. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
            + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s+",
        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?"
            + "[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*",
        "\\d{1,3}(?=(?:\\d{3})*\\b)",
        " ?[^(\\s|[.,!?…。，、।۔،])]+"
      })
  void takesThePatternsOfPublishedTokenizers(String pattern) {
    assertThat(PatternChecks.isSafe(pattern)).isTrue();
  }
}
