package dev.loquat.docs;

import dev.loquat.Generator;
import dev.loquat.Loquat;
import dev.loquat.Model;
import dev.loquat.ModelLoader;
import dev.loquat.TextStream;
import dev.loquat.chat.ChatMessage;
import dev.loquat.constraint.Constraint;
import dev.loquat.generation.DraftSource;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.PromptOverflow;
import dev.loquat.generation.TextDelta;
import java.nio.file.Path;
import java.util.List;

/** docs/guide/getting-started.md. */
final class GettingStartedSnippets {

  private GettingStartedSnippets() {}

  static void first() {
    try (Model model = Loquat.model(Loquat.TINY_MODEL).load()) {
      GenerationResult result = model.generator().generate("What is machine learning?");
      System.out.println(result.text());
    }
  }

  static void sources() {
    ModelLoader folder = Loquat.model(Path.of("/models/SmolLM2-135M-Instruct"));
    ModelLoader jar = Loquat.model("classpath:dev/loquat/models/tiny");
    ModelLoader hub = Loquat.model("hf://HuggingFaceTB/SmolLM2-135M-Instruct@main");
    load(folder, jar, hub);
  }

  static void download(ModelLoader hub) {
    Model model =
        hub.onDownload((file, done, total) -> System.out.println(file + " " + done + "/" + total))
            .load();
    model.close();
  }

  static void options(Model model) {
    Generator greedy = model.generator().maxNewTokens(64).temperature(0);
    Generator inventive = greedy.temperature(0.8).topK(40).topP(0.95).seed(42);
    Generator oneLine = greedy.stop("\n").onPromptOverflow(PromptOverflow.KEEP_END);
    use(greedy, inventive, oneLine);
  }

  static void result(GenerationResult result) {
    System.out.println(result.text());
    System.out.println(result.finishReason() + " after " + result.newTokens() + " tokens");
    System.out.println(result.timings().tokensPerSecond() + " tokens/s");
  }

  static void stream(Model model) {
    try (TextStream stream = model.generator().stream("Explain neural networks.")) {
      for (TextDelta delta : stream) {
        System.out.print(delta.text());
      }
    }
  }

  static void chat(Model model) {
    List<ChatMessage> messages =
        List.of(
            ChatMessage.system("Answer in one sentence."), ChatMessage.user("What is a KV cache?"));
    GenerationResult answer = model.generator().chat(messages);
    System.out.println(answer.text());
  }

  record Person(String name, int age, List<String> hobbies) {}

  static void record(Model model) {
    Person person =
        model.generator().maxNewTokens(300).generate("A person, as JSON: ", Person.class);
    System.out.println(person);
    Person invented =
        model
            .generator()
            .maxNewTokens(300)
            .repetitionPenalty(1.1)
            .chat(List.of(ChatMessage.user("Invent a person. Answer with JSON.")), Person.class);
    System.out.println(invented);
  }

  static void constraints(Model model) {
    Generator verdict = model.generator().constrain(Constraint.choice(List.of("yes", "no")));
    Generator date = model.generator().constrain(Constraint.regex("[0-9]{4}-[0-9]{2}-[0-9]{2}"));
    Generator scores =
        model
            .generator()
            .constrain(
                Constraint.jsonSchema("{\"type\": \"array\", \"items\": {\"type\": \"integer\"}}"));
    use(verdict, date, scores);
  }

  static void quotes(Model model, String prompt) {
    GenerationResult summary = model.generator().speculate(16).generate(prompt);
    System.out.println(summary.speculation().acceptedTokens() + " steps saved");
  }

  static void draftModel(Path folder, Path smallFolder) {
    try (Model model = Loquat.model(folder).draftModel(smallFolder).load()) {
      GenerationResult story =
          model.generator().speculate(DraftSource.DRAFT_MODEL, 8).generate("Once upon a time");
      System.out.println(story.text());
    }
  }

  static void batch(Path folder, List<String> prompts) {
    try (Model model = Loquat.model(folder).batch(8).load()) {
      List<GenerationResult> results = model.generator().generate(prompts);
      results.forEach(result -> System.out.println(result.text()));
    }
  }

  static void shared() {
    List<GenerationResult> results =
        Loquat.model(Loquat.TINY_MODEL).generate("What is Python?", "How does Git work?");
    results.forEach(result -> System.out.println(result.text()));
    Loquat.closeSharedModels();
  }

  private static void load(ModelLoader... loaders) {
    List.of(loaders).forEach(loader -> loader.load().close());
  }

  private static void use(Generator... generators) {
    List.of(generators).forEach(generator -> generator.generate("What is Python?"));
  }
}
