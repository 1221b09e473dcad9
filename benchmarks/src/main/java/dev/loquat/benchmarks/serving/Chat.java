package dev.loquat.benchmarks.serving;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.loquat.Model;
import dev.loquat.benchmarks.Median;
import dev.loquat.benchmarks.ModelOptions;
import dev.loquat.benchmarks.OneOrMore;
import dev.loquat.benchmarks.Passages;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints how much sooner the second turn of a chat starts than its first. */
@Command(
    name = "chat",
    mixinStandardHelpOptions = true,
    exitCodeOnExecutionException = 2,
    description = "Prints the time to the first token of a chat's first turn and of its second.")
public final class Chat implements Callable<Integer> {
  @Mixin private ModelOptions model = new ModelOptions();

  @Option(names = "--prompt", description = "words of the first turn; default: ${DEFAULT-VALUE}")
  private int prompt = 775;

  @Option(names = "--new", description = "most tokens of its answer; default: ${DEFAULT-VALUE}")
  private int newTokens = 48;

  @Option(names = "--rounds", description = "chats after one to warm up")
  private int rounds = 5;

  /** Creates it with the default options. */
  public Chat() {}

  @Override
  public Integer call() {
    OneOrMore.require("--rounds", rounds);
    try (Model loaded = model.loader().load()) {
      List<TwoTurns> chats = new ArrayList<>();
      for (int number = 0; number <= rounds; number++) {
        String text = Passages.read().words(0, prompt);
        chats.add(TwoTurns.hold(loaded.generator().temperature(0), number, text, newTokens));
      }
      System.out.println(figures(chats.subList(1, chats.size())));
    }
    return 0;
  }

  private static ObjectNode figures(List<TwoTurns> chats) {
    return new JsonMapper()
        .createObjectNode()
        .put("firstPromptTokens", chats.get(0).first().promptTokens())
        .put("secondPromptTokens", chats.get(0).second().promptTokens())
        .put("firstCachedTokens", chats.get(0).first().cachedTokens())
        .put("cachedTokens", chats.get(0).second().cachedTokens())
        .put("firstTurnSeconds", Median.of(chats, chat -> TwoTurns.seconds(chat.first())))
        .put("secondTurnSeconds", Median.of(chats, chat -> TwoTurns.seconds(chat.second())))
        .put("ratio", Median.of(chats, TwoTurns::ratio));
  }
}
