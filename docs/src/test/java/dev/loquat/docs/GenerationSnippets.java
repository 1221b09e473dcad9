package dev.loquat.docs;

import dev.loquat.Generator;
import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.chat.ChatMessage;
import dev.loquat.error.QueueFullException;
import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.FinishReason;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.LogitsProcessor;
import dev.loquat.generation.ScoredText;
import dev.loquat.generation.TextDelta;
import dev.loquat.micrometer.LoquatMetrics;
import dev.loquat.observation.EngineListener;
import dev.loquat.observation.GenerationReport;
import dev.loquat.observation.LatencyReport;
import dev.loquat.tokenizer.Tokenizer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/** docs/guide/generation.md. */
final class GenerationSnippets {

  private GenerationSnippets() {}

  static int async(Model model) {
    CompletableFuture<Integer> length =
        model.generator().generateAsync("What is Python?").thenApply(GenerationResult::newTokens);
    return length.join();
  }

  static GenerationResult asyncOn(Model model, Executor executor) {
    CompletableFuture<GenerationResult> answer =
        model.generator().generateAsync("What is Python?", executor);
    return answer.join();
  }

  static String chatAsync(Model model) {
    CompletableFuture<String> reply =
        model
            .generator()
            .chatAsync(List.of(ChatMessage.user("What is Python?")))
            .thenApply(GenerationResult::text);
    return reply.join();
  }

  static void publisher(Model model, Flow.Subscriber<TextDelta> subscriber) {
    Flow.Publisher<TextDelta> pieces = model.generator().publisher("What is Python?");
    pieces.subscribe(subscriber);
  }

  static void beams(Model model) {
    List<ScoredText> best =
        model
            .generator()
            .maxNewTokens(32)
            .beamSearch("The capital of France is", BeamOptions.of(4).withTexts(2));
    best.forEach(text -> System.out.println(text.score() + " " + text.text()));
  }

  static void samples(Model model) {
    List<GenerationResult> ideas =
        model.generator().temperature(0.9).seed(1).samples("A name for a cat:", 5);
    ideas.forEach(idea -> System.out.println(idea.text()));
  }

  static void scores(Model model) {
    GenerationResult result = model.generator().logProbs(3).generate("The sky is");
    result.logProbs().forEach(token -> System.out.println(token.actual() + " of " + token.top()));
    System.out.println(model.generator().score("The sky is blue.").perplexity());
  }

  static void fit(Model model, List<ChatMessage> messages) {
    int room = model.info().contextLength() - 256;
    while (messages.size() > 3 && model.countTokens(messages) > room) {
      messages.subList(1, 3).clear();
    }
  }

  static void tokens(Path folder) {
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      int[] ids = tokenizer.encode("The sky is blue.", true);
      System.out.println(ids.length + " tokens: " + tokenizer.decode(ids, true));
    }
  }

  static List<Generator> priorities(Model model) {
    Generator interactive = model.generator().priority(10);
    Generator background = model.generator().priority(-10);
    return List.of(interactive, background);
  }

  static void timeout(Model model, String prompt) {
    GenerationResult result = model.generator().timeout(Duration.ofSeconds(2)).generate(prompt);
    if (result.finishReason() == FinishReason.TIMEOUT) {
      System.out.println("cut after " + result.newTokens() + " tokens");
    }
  }

  static ModelLoader queue(Path folder) {
    ModelLoader server = Loquat.model(folder).batch(8).queueCapacity(100);
    return server;
  }

  static void submit(
      Model model, String prompt, List<CompletableFuture<GenerationResult>> answers) {
    try {
      CompletableFuture<GenerationResult> answer = model.generator().generateAsync(prompt);
      answers.add(answer);
    } catch (QueueFullException e) {
      System.err.println("Busy; try again later.");
    }
  }

  static void prefixCache(Model model, String prompt) {
    GenerationResult result = model.generator().generate(prompt);
    System.out.println(result.cachedTokens() + " of " + result.promptTokens() + " were there");
  }

  static Model listener(Path folder) {
    EngineListener waits =
        new EngineListener() {
          @Override
          public void onGeneration(GenerationReport report) {
            report
                .timeToFirstToken()
                .ifPresent(first -> System.out.println("first token: " + first));
            System.out.println("waited " + report.queued() + ", p99 " + report.interToken().p99());
          }
        };
    Model watched = Loquat.model(folder).onEvents(waits).load();
    return watched;
  }

  static Model metrics(Path folder, MeterRegistry registry) {
    LoquatMetrics metrics = new LoquatMetrics();
    Model model = Loquat.model(folder).onEvents(metrics).load();
    metrics.binder(model, Tag.of("service", "chat")).bindTo(registry);
    return model;
  }

  static void latency(Model model, List<String> prompts) {
    model.resetLatency();
    model.generator().generate(prompts);
    LatencyReport report = model.latency();
    System.out.println("first token, p90: " + report.timeToFirstToken().p90());
    System.out.println("between tokens, p99: " + report.interToken().p99());
    System.out.println("decoded tokens/s: " + report.decode().tokensPerSecond());
    System.out.println("host's part: " + report.decode().hostShare());
    System.out.println(report.table());
    System.out.println(report.json());
  }

  static ModelLoader steps(Path folder) {
    ModelLoader shared = Loquat.model(folder).stepTokens(128).threads(2).prefixCache(64L << 20);
    return shared;
  }

  static Generator processors(Model model, Set<Integer> digits) {
    LogitsProcessor noDigitsAtFirst =
        (history, logits) -> {
          if (history.newTokens() == 0) {
            digits.forEach(token -> logits[token] = Float.NEGATIVE_INFINITY);
          }
        };
    Generator generator = model.generator().logitsProcessors(noDigitsAtFirst);
    return generator;
  }

  static Generator stops(Model model) {
    Generator line = model.generator().stop("\n").stopTokens(2).includeStop(true);
    return line;
  }
}
