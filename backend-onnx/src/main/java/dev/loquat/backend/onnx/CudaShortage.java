package dev.loquat.backend.onnx;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a machine lacks for the runtime to use NVIDIA's GPUs, in one line. */
final class CudaShortage {
  private static final String ARTIFACT =
      "com.microsoft.onnxruntime:onnxruntime_gpu:" + RuntimeArtifact.VERSION;

  /** How the dynamic linker of Linux tells what it did not find. */
  private static final Pattern MISSING =
      Pattern.compile("([\\w.+-]+\\.so[.\\d]*): cannot open shared object file");

  private CudaShortage() {}

  /**
   * Names the missing piece first, as far as the runtime's words tell, then repeats these.
   *
   * @param words why the runtime could not be given the GPU
   * @param compiledIn whether the runtime's artifact is the one for GPUs
   */
  static String of(String words, boolean compiledIn) {
    return piece(words, compiledIn)
        + ". ONNX Runtime says: "
        + words.strip().replaceAll("\\s+", " ");
  }

  private static String piece(String words, boolean compiledIn) {
    if (!compiledIn) {
      return ARTIFACT + " is missing: to use CUDA, depend on it instead of onnxruntime";
    }
    Matcher library = MISSING.matcher(words);
    String missing = library.find() ? library.group(1) + " is missing: " : "";
    return missing + ARTIFACT + " takes NVIDIA's driver, CUDA 12 and cuDNN 9 on the library path";
  }
}
