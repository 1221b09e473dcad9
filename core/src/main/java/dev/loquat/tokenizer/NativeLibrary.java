package dev.loquat.tokenizer;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.loquat.error.BackendException;

/**
 * Loads the native tokenizer library that the jar carries.
 *
 * <p>Its calls are used directly: the wrapper around them asks cloud services who the host is,
 * truncates, and computes offsets that nothing here reads.
 */
final class NativeLibrary {

  /** Read once, while the library loads; with a GPU and no flavor it would fetch another build. */
  private static final String FLAVOR = "RUST_FLAVOR";

  private NativeLibrary() {}

  static synchronized TokenizersLibrary load() {
    boolean chosenByUser = System.getenv(FLAVOR) != null || System.getProperty(FLAVOR) != null;
    if (!chosenByUser) {
      System.setProperty(FLAVOR, "cpu");
    }
    try {
      LibUtils.checkStatus();
      return TokenizersLibrary.LIB;
    } catch (EngineException | LinkageError e) {
      throw new BackendException(
          "The native tokenizer library does not load on "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + "; expected Linux, macOS (aarch64) or Windows as in the jar"
              + " ai.djl.huggingface:tokenizers, and a writable cache folder (DJL_CACHE_DIR).",
          e);
    } finally {
      if (!chosenByUser) {
        System.clearProperty(FLAVOR);
      }
    }
  }
}
