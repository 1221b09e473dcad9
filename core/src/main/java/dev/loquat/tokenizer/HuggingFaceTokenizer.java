package dev.loquat.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.loquat.error.CheckpointException;
import dev.loquat.error.ModelClosedException;
import dev.loquat.error.PromptTooLongException;
import dev.loquat.error.UnsupportedModelException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A tokenizer in native memory. Calls share a lock that closing takes alone. */
final class HuggingFaceTokenizer implements Tokenizer {

  /**
   * On white space alone, Llama 3's pattern takes a step a character and the library ends the
   * process at ten million.
   */
  private static final int MAX_TEXT_CHARS = 1 << 22;

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final TokenizersLibrary library;
  private final long handle;
  private final Path path;
  private final Vocabulary vocabulary;
  private final DecoderKind decoderKind;
  private final Optional<TokenBytes> tokenBytes;
  private final VisibleTokens visibleTokens;
  private boolean closed;

  private HuggingFaceTokenizer(TokenizersLibrary library, long handle, TokenizerFile file) {
    this.library = library;
    this.handle = handle;
    this.path = file.path();
    this.vocabulary = Vocabulary.of(file.root());
    this.decoderKind = DecoderKind.of(file.root().path("decoder"));
    this.tokenBytes = TokenByteReader.read(file.root(), vocabulary.size());
    this.visibleTokens = new VisibleTokens(this, vocabulary.size());
  }

  static HuggingFaceTokenizer open(Path path) {
    TokenizerFile file = TokenizerFile.read(path);
    TokenizersLibrary library = NativeLibrary.load();
    long handle =
        refusable(
            () -> library.createTokenizerFromString(file.json()),
            reason -> path + " is no tokenizer: " + reason + ". Fetch the file again.");
    library.disableTruncation(handle);
    library.disablePadding(handle);
    return new HuggingFaceTokenizer(library, handle, file);
  }

  @Override
  public int[] encode(String text, boolean addSpecialTokens) {
    Objects.requireNonNull(text, "text");
    if (text.length() > MAX_TEXT_CHARS) {
      throw new PromptTooLongException(
          "The text has "
              + text.length()
              + " characters; expected at most "
              + MAX_TEXT_CHARS
              + ". Shorten it, or encode it in parts.");
    }
    String wellFormed = SurrogatePairs.repair(text);
    return whileOpen(
        () ->
            refusable(
                () -> ids(wellFormed, addSpecialTokens),
                reason -> path + " cannot encode the text: " + reason + ". Check its model."));
  }

  private int[] ids(String text, boolean addSpecialTokens) {
    long encoding = library.encode(handle, text, addSpecialTokens);
    try {
      return Arrays.stream(library.getTokenIds(encoding)).mapToInt(Math::toIntExact).toArray();
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  @Override
  public String decode(int[] ids, boolean skipSpecialTokens) {
    long[] wide = Arrays.stream(ids).asLongStream().toArray();
    return whileOpen(
        () ->
            refusable(
                () -> library.decode(handle, wide, skipSpecialTokens),
                reason -> path + " cannot decode tokens: " + reason + ". Check its decoder."));
  }

  @Override
  public int vocabularySize() {
    return vocabulary.size();
  }

  @Override
  public TokenBytes tokenBytes() {
    return tokenBytes.orElseThrow(
        () ->
            new UnsupportedModelException(
                path
                    + " has a decoder whose tokens have no bytes of their own; expected a"
                    + " byte-level or SentencePiece decoder. Generate without a constraint."));
  }

  @Override
  public StreamingDetokenizer detokenizer() {
    return new WindowDetokenizer(this, decoderKind, vocabulary.byteTokens(), visibleTokens);
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        library.deleteTokenizer(handle);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private <T> T whileOpen(Supplier<T> call) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new ModelClosedException(
            "The tokenizer of " + path + " is closed; open the model again to use it.");
      }
      return call.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The library throws plain RuntimeExceptions, with its reason as the message. */
  private static <T> T refusable(Supplier<T> call, Explanation explanation) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      throw new CheckpointException(explanation.of(e.getMessage()), e);
    }
  }

  private interface Explanation {
    String of(@Nullable String reason);
  }
}
