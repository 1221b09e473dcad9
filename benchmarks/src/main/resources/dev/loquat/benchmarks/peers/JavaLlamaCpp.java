import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Prints tokens per second of java-llama.cpp as one JSON line; started from its source, with its jar on the class path, in a JVM
 * of its own.
 */
class JavaLlamaCpp {
  private final LlamaModel model;
  private final int newTokens;

  private JavaLlamaCpp(LlamaModel model, int newTokens) {
    this.model = model;
    this.newTokens = newTokens;
  }

  public static void main(String[] args) {
    int threads = Integer.parseInt(args[1]);
    int prompt = Integer.parseInt(args[2]);
    int newTokens = Integer.parseInt(args[3]);
    int batch = Integer.parseInt(args[4]);
    int batchPrompt = Integer.parseInt(args[5]);
    int context = Integer.parseInt(args[6]);
    int cells = Math.max(batch * (batchPrompt + newTokens + 8), batch * (context + newTokens + 8));
    ModelParameters parameters =
        new ModelParameters()
            .setModel(args[0])
            .setThreads(threads)
            .setThreadsBatch(threads)
            .setParallel(batch)
            .setCtxSize(cells)
            .setGpuLayers(0);
    JavaLlamaCpp peer = new JavaLlamaCpp(new LlamaModel(parameters), newTokens);
    peer.generate(peer.text(prompt, 1));
    double[] alone = peer.generate(peer.text(prompt, 2));
    double[] far = peer.generate(peer.text(context, 3));
    System.out.printf(
        Locale.ROOT,
        "%n{\"prefill\":%f,\"decode\":%f,\"decodeTogether\":%f,\"decodeAtContext\":%f}%n",
        prompt / alone[0],
        (newTokens - 1) / alone[1],
        peer.together(batch, batchPrompt),
        (newTokens - 1) / far[1]);
    System.out.flush();
    // Closing its model may wait for ever.
    Runtime.getRuntime().halt(0);
  }

  /** Words of random letters, cut to a number of tokens. */
  private String text(int tokens, int seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    while (model.encode(text.toString()).length < tokens) {
      for (int word = 0; word < 8; word++) {
        text.append(' ');
        random.ints(4, 'a', 'z' + 1).forEach(text::appendCodePoint);
      }
    }
    int[] ids = model.encode(text.toString());
    return model.decode(IntStream.of(ids).limit(tokens).toArray());
  }

  /** The seconds to the first token, and from it to the last. */
  private double[] generate(String prompt) {
    long start = System.nanoTime();
    long first = 0;
    for (LlamaOutput ignored : model.generate(parameters(prompt))) {
      first = first == 0 ? System.nanoTime() : first;
    }
    return new double[] {(first - start) / 1e9, (System.nanoTime() - first) / 1e9};
  }

  /** From the first prompt to the last token: what callers on threads of their own get. */
  private double together(int batch, int batchPrompt) {
    String[] prompts = IntStream.range(0, batch).mapToObj(i -> text(batchPrompt, 10 + i)).toArray(String[]::new);
    long start = System.nanoTime();
    Thread[] callers =
        IntStream.range(0, batch).mapToObj(i -> new Thread(() -> generate(prompts[i]))).toArray(Thread[]::new);
    for (Thread caller : callers) {
      caller.start();
    }
    for (Thread caller : callers) {
      join(caller);
    }
    return batch * newTokens / ((System.nanoTime() - start) / 1e9);
  }

  private static void join(Thread caller) {
    try {
      caller.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private InferenceParameters parameters(String prompt) {
    return new InferenceParameters(prompt).setNPredict(newTokens).setIgnoreEos(true).setTemperature(0).setCachePrompt(false);
  }
}
