package dev.loquat;

import static java.util.Objects.requireNonNull;

import dev.loquat.chat.ChatMessage;
import dev.loquat.constraint.Constraint;
import dev.loquat.generation.BeamOptions;
import dev.loquat.generation.DraftSource;
import dev.loquat.generation.GenerationOptions;
import dev.loquat.generation.GenerationRequest;
import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.LogitsProcessor;
import dev.loquat.generation.Penalties;
import dev.loquat.generation.PromptOverflow;
import dev.loquat.generation.SamplingOptions;
import dev.loquat.generation.ScoredText;
import dev.loquat.generation.SpeculationOptions;
import dev.loquat.generation.StopRules;
import dev.loquat.generation.TextDelta;
import dev.loquat.generation.TextScore;
import dev.loquat.generation.TokenLogProbs;
import dev.loquat.generation.TokenRules;
import dev.loquat.generation.Truncation;
import dev.loquat.generation.Turn;
import dev.loquat.internal.engine.GenerationHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * Options of a generation, and the calls that generate with them.
 *
 * <p>Immutable: every setter returns a new generator, so one may be kept and varied. Safe for use
 * by several threads; calls run side by side in the model's slots. Options that are not set are
 * those of the checkpoint's {@code generation_config.json}.
 */
public final class Generator {
  private final Model model;
  private final GenerationOptions options;

  Generator(Model model, GenerationOptions options) {
    this.model = model;
    this.options = options;
  }

  /**
   * Limits the new tokens. The default is {@value Model#DEFAULT_MAX_NEW_TOKENS}.
   *
   * @param count the most tokens to generate, 1 or more
   * @return a generator with the option
   */
  public Generator maxNewTokens(int count) {
    return with(options.withMaxNewTokens(count));
  }

  /**
   * Sets what logits are divided by before sampling.
   *
   * @param temperature 0 takes the likeliest token every time (greedy); 1 samples from the model's
   *     own distribution; higher is more random
   * @return a generator with the option
   */
  public Generator temperature(double temperature) {
    return with(options.sampling().withTemperature(temperature));
  }

  /**
   * Keeps only the likeliest tokens, and those as likely as the last of them.
   *
   * @param count how many; 0 for all
   * @return a generator with the option
   */
  public Generator topK(int count) {
    return with(truncation().withTopK(count));
  }

  /**
   * Keeps only the fewest likeliest tokens whose probabilities reach a sum.
   *
   * @param probability above 0, at most 1; 1 for all
   * @return a generator with the option
   */
  public Generator topP(double probability) {
    return with(truncation().withTopP(probability));
  }

  /**
   * Keeps only the tokens that are likely enough beside the likeliest.
   *
   * @param part what part of the likeliest token's probability a token must have; from 0 for all to
   *     1
   * @return a generator with the option
   */
  public Generator minP(double part) {
    return with(truncation().withMinP(part));
  }

  /**
   * Keeps only the fewest tokens whose probabilities reach a sum, those first that surprise about
   * as much as is to be expected.
   *
   * @param probability above 0, at most 1; 1 for all
   * @return a generator with the option
   */
  public Generator typicalP(double probability) {
    return with(truncation().withTypicalP(probability));
  }

  /**
   * Makes the tokens of prompt and text less likely.
   *
   * @param penalty what their logits are divided by, or multiplied by where negative; above 0, 1
   *     for none
   * @return a generator with the option
   */
  public Generator repetitionPenalty(double penalty) {
    return with(penalties().withRepetition(penalty));
  }

  /**
   * Makes the tokens of the text so far less likely, however often they came.
   *
   * @param penalty what is taken off their logits; from -2 to 2, 0 for none
   * @return a generator with the option
   */
  public Generator presencePenalty(double penalty) {
    return with(penalties().withPresence(penalty));
  }

  /**
   * Makes the tokens of the text so far the less likely the more often they came.
   *
   * @param penalty what is taken off their logits each time; from -2 to 2, 0 for none
   * @return a generator with the option
   */
  public Generator frequencyPenalty(double penalty) {
    return with(penalties().withFrequency(penalty));
  }

  /**
   * Forbids that as many tokens in a row come twice in prompt and text.
   *
   * @param size how many; 0 lets any repeat
   * @return a generator with the option
   */
  public Generator noRepeatNgram(int size) {
    return with(penalties().withNoRepeatNgram(size));
  }

  /**
   * Makes tokens more or less likely.
   *
   * @param bias what is added to their logits, by token id from 0 to below the vocabulary's size;
   *     replaces what was set before
   * @return a generator with the option
   */
  public Generator logitBias(Map<Integer, Float> bias) {
    return with(tokens().withBias(bias));
  }

  /**
   * Forbids tokens. An id that the vocabulary lacks is refused by the call that generates, as in
   * {@link #logitBias}, {@link #forcedTokens} and {@link #stopTokens}.
   *
   * @param ids their ids, from 0 to below the vocabulary's size; replaces those set before, also
   *     the checkpoint's own
   * @return a generator with the option
   */
  public Generator bannedTokens(int... ids) {
    return with(tokens().withBanned(set(ids)));
  }

  /**
   * Forbids tokens as the first of the text.
   *
   * @param ids their ids, from 0 to below the vocabulary's size; replaces those set before, also
   *     the checkpoint's own
   * @return a generator with the option
   */
  public Generator bannedFirstTokens(int... ids) {
    return with(tokens().withBannedFirst(set(ids)));
  }

  /**
   * Begins the text with given tokens, which are part of the result.
   *
   * @param ids their ids, from 0 to below the vocabulary's size, first to last, at most {@link
   *     #maxNewTokens}; replaces those set before
   * @return a generator with the option
   */
  public Generator forcedTokens(int... ids) {
    return with(tokens().withForced(Arrays.stream(ids).boxed().toList()));
  }

  /**
   * Forbids tokens that end the text until it has some length. A stop sequence still ends it, and
   * so does a constraint behind which no text can go on.
   *
   * @param count the least tokens to generate; at most {@link #maxNewTokens}, 0 for no limit
   * @return a generator with the option
   */
  public Generator minNewTokens(int count) {
    return with(tokens().withMinNewTokens(count));
  }

  /**
   * Changes logits by code of the caller's.
   *
   * @param processors what changes them, first to last; replaces those set before
   * @return a generator with the option
   */
  public Generator logitsProcessors(LogitsProcessor... processors) {
    return with(options.sampling().withProcessors(List.of(processors)));
  }

  /**
   * Asks for the log-probability of every new token and of the likeliest in its place, before
   * temperature and filters. The default is none.
   *
   * @param top how many of the likeliest, 0 or more; 0 for the new token's alone
   * @return a generator with the option
   */
  public Generator logProbs(int top) {
    return with(options.withLogProbs(top));
  }

  /**
   * Starts the random numbers, so that the same call gives the same text on the same kind of
   * device. Without a seed every call differs. Of several prompts in one call, each gets a seed of
   * its own made from this one.
   *
   * @param seed any number
   * @return a generator with the option
   */
  public Generator seed(long seed) {
    return with(options.sampling().withSeed(seed));
  }

  /**
   * Ends the text before the first of these.
   *
   * @param sequences texts, none empty; replaces those set before
   * @return a generator with the option
   */
  public Generator stop(String... sequences) {
    StopRules rules = options.stop();
    return with(
        options.withStop(
            new StopRules(Arrays.asList(sequences), rules.tokens(), rules.included())));
  }

  /**
   * Ends the text at the first of these tokens, beside the model's own end tokens.
   *
   * @param tokens their ids, from 0 to below the vocabulary's size; replaces those set before
   * @return a generator with the option
   */
  public Generator stopTokens(int... tokens) {
    StopRules rules = options.stop();
    return with(options.withStop(new StopRules(rules.sequences(), set(tokens), rules.included())));
  }

  /**
   * Says whether the text keeps the stop sequence or stop token that ended it. The default is no. A
   * special token, such as the end of a turn, counts among the new tokens but has no text.
   *
   * @param included whether it does
   * @return a generator with the option
   */
  public Generator includeStop(boolean included) {
    StopRules rules = options.stop();
    return with(options.withStop(new StopRules(rules.sequences(), rules.tokens(), included)));
  }

  /**
   * Lets generations go before those of lower priority, which give up their slots where there are
   * no others and go on later; beam searches and scorings keep theirs. The default is 0.
   *
   * @param priority any number
   * @return a generator with the option
   */
  public Generator priority(int priority) {
    return with(options.withTurn(new Turn(priority, options.turn().timeout())));
  }

  /**
   * Ends a generation where it is, with {@link dev.loquat.generation.FinishReason#TIMEOUT}, when so
   * much time has passed since the call, the wait for a slot included. A backend that does not come
   * back from its step does not hold the caller: at twice the time, and 20 seconds later at least,
   * the call fails with a {@link dev.loquat.error.BackendException}. The default is never.
   *
   * @param timeout more than zero
   * @return a generator with the option
   */
  public Generator timeout(Duration timeout) {
    return with(
        options.withTurn(
            new Turn(options.turn().priority(), Optional.of(requireNonNull(timeout, "timeout")))));
  }

  /**
   * Guesses ahead how the text goes on, from where its last tokens stood before in prompt or text,
   * and checks the guesses in one step. The tokens are the same as without, and come faster where a
   * text quotes its prompt, as summaries, edits and answers from a document do. Elsewhere, and
   * beside other generations, wrong guesses cost time. The default is 0.
   *
   * @param maxDraftTokens the most tokens to guess in a step, 0 for none to {@value
   *     SpeculationOptions#DRAFT_TOKENS_LIMIT}; 16 is a good start
   * @return a generator with the option
   * @see GenerationResult#speculation
   */
  public Generator speculate(int maxDraftTokens) {
    return speculate(DraftSource.PROMPT_LOOKUP, maxDraftTokens);
  }

  /**
   * Guesses ahead how the text goes on, and checks the guesses in one step. The tokens are the same
   * as without. Guesses of a draft model cost a step of it each: they pay where it is many times
   * faster than the model and often right, as one of the same family is. If it fails, the text goes
   * on without guesses, and listeners are told.
   *
   * @param source who guesses
   * @param maxDraftTokens the most tokens to guess in a step, 0 for none to {@value
   *     SpeculationOptions#DRAFT_TOKENS_LIMIT}; for a draft model 8 is a good start
   * @return a generator with the option; generating with {@link DraftSource#DRAFT_MODEL} throws an
   *     IllegalArgumentException if the model was loaded without {@link ModelLoader#draftModel}
   * @see #speculate(int)
   */
  public Generator speculate(DraftSource source, int maxDraftTokens) {
    return with(options.withSpeculation(new SpeculationOptions(source, maxDraftTokens)));
  }

  /**
   * Says what to do with a prompt longer than the context. The default is an error.
   *
   * @param overflow what to do
   * @return a generator with the option
   */
  public Generator onPromptOverflow(PromptOverflow overflow) {
    return with(options.withOverflow(overflow));
  }

  /**
   * Keeps the text to a constraint: tokens that would break it cannot be chosen. The generation
   * ends when the text satisfies the constraint and cannot go on, or with an end token where it may
   * end. A text cut by {@link #maxNewTokens} or the context may be unfinished.
   *
   * <p>The first generation under a constraint prepares it on the thread that calls, also {@link
   * #generateAsync(String)}: up to some seconds for a large schema or a high count.
   *
   * @param constraint what the text must be; excludes stop sequences
   * @return a generator with the option
   */
  public Generator constrain(Constraint constraint) {
    return with(options.withConstraint(constraint));
  }

  /**
   * The options as they stand.
   *
   * @return what every call of this generator uses
   */
  public GenerationOptions options() {
    return options;
  }

  /**
   * Goes on from a text as it is, and waits for the end.
   *
   * @param prompt the text, at least one token
   * @return the new text and what there is to know of it
   * @throws dev.loquat.error.PromptTooLongException if the prompt does not fit the context
   * @throws dev.loquat.error.ModelClosedException if the model is closed
   * @throws dev.loquat.error.BackendException if the device fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public GenerationResult generate(String prompt) {
    return submit(prompt).result();
  }

  /**
   * Goes on from several texts side by side, as many at once as the model has slots, and waits for
   * the end of all. If one fails, the others are cancelled at once and its failure is thrown.
   *
   * @param prompts the texts
   * @return a result for each prompt, in the same order
   * @see #generate(String)
   */
  public List<GenerationResult> generate(List<String> prompts) {
    return results(prompts.size(), i -> forPrompt(i).request("prompts[" + i + "]", prompts.get(i)));
  }

  private List<GenerationResult> results(int count, IntFunction<GenerationRequest> requests) {
    try (CommonFate together = new CommonFate()) {
      for (int i = 0; i < count && !together.hasFailed(); i++) {
        together.add(model.submit(requests.apply(i)));
      }
      return together.results();
    }
  }

  /**
   * Goes on from one text several times, side by side; a prompt of 32 tokens or more is computed
   * once. With a seed each text gets one of its own made from it. Greedy texts are all the same.
   *
   * @param prompt the text, at least one token
   * @param count how many texts, 1 or more
   * @return the texts
   * @see #generate(List)
   */
  public List<GenerationResult> samples(String prompt, int count) {
    requireOneOrMore(count);
    return results(count, i -> forPrompt(i).request(prompt));
  }

  /**
   * Looks for the likeliest texts by following several beginnings at once, and waits for the end.
   * Temperature, top-k and the like don't count, nor does the seed; penalties, token rules and
   * processors do.
   *
   * @param prompt the text to go on from, at least one token
   * @param options how to search; each beam takes a slot of the model
   * @return the best texts that have ended, the best first; less than asked for, or none, where the
   *     timeout cut the search short
   * @throws IllegalArgumentException if the model has fewer slots than the search has beams, or
   *     there are options that a search cannot follow: a constraint, stop sequences, {@link
   *     #includeStop} without stop tokens, {@link #logProbs} or {@link #speculate(int)}
   * @see #generate(String)
   */
  public List<ScoredText> beamSearch(String prompt, BeamOptions options) {
    return model.submit(request(prompt), options).ranked();
  }

  /**
   * Looks for the likeliest texts, while the calling thread does other work.
   *
   * @param prompt the text to go on from, at least one token
   * @param options how to search; each beam takes a slot of the model
   * @return the best texts to come; what is said of {@link #generateAsync(String)} holds
   * @throws dev.loquat.error.QueueFullException if as many requests wait as the queue holds
   * @see #beamSearch(String, BeamOptions)
   */
  public CompletableFuture<List<ScoredText>> beamSearchAsync(String prompt, BeamOptions options) {
    return AsyncResult.of(
        model.submitNow(request(prompt), options),
        GenerationHandle::ranked,
        AsyncResult.DEFAULT_EXECUTOR);
  }

  /**
   * Scores a text: how likely the model finds each of its tokens after those before, and so its
   * perplexity. A text longer than the context is read in windows that overlap by half of it. The
   * likelihoods are the model's own: how tokens would be chosen, penalties and token rules
   * included, doesn't count.
   *
   * @param text the text, at least one token
   * @return the log-probabilities of its tokens but the first, with as many of the likeliest as
   *     {@link #logProbs} says
   * @throws dev.loquat.error.TimedOutException if the timeout is over before the text is scored
   * @throws IllegalArgumentException if there are options that say how a text is generated: a
   *     constraint, stop sequences or tokens, {@link #includeStop} or {@link #speculate(int)}
   * @see #generate(String)
   */
  public TextScore score(String text) {
    List<GenerationHandle> windows = model.score(request("The text", text));
    try {
      return new TextScore(windows.stream().flatMap(window -> window.scored().stream()).toList());
    } finally {
      windows.forEach(GenerationHandle::cancel);
    }
  }

  /**
   * Scores a text, while the calling thread does other work.
   *
   * @param text the text, at least one token
   * @return the score to come; what is said of {@link #generateAsync(String)} holds
   * @throws dev.loquat.error.QueueFullException if the queue has no place for all windows of the
   *     text
   * @see #score(String)
   */
  public CompletableFuture<TextScore> scoreAsync(String text) {
    List<CompletableFuture<List<TokenLogProbs>>> windows =
        model.scoreNow(request("The text", text)).stream()
            .map(
                window ->
                    AsyncResult.of(window, GenerationHandle::scored, AsyncResult.DEFAULT_EXECUTOR))
            .toList();
    return AsyncResult.map(
        AsyncResult.all(windows),
        scores -> new TextScore(scores.stream().flatMap(List::stream).toList()));
  }

  /**
   * Goes on from a text as it is, while the calling thread does other work.
   *
   * @param prompt the text, at least one token
   * @return the result to come, or the failures that {@link #generate(String)} throws; cancelling
   *     it, or completing it otherwise, cancels the generation, which cancelling a future derived
   *     from it does not. Actions that depend on it run where {@link
   *     CompletableFuture#defaultExecutor} says: on the common pool, or on threads of their own
   *     where that has only one
   * @throws dev.loquat.error.QueueFullException if as many requests wait as the queue holds
   */
  public CompletableFuture<GenerationResult> generateAsync(String prompt) {
    return generateAsync(prompt, AsyncResult.DEFAULT_EXECUTOR);
  }

  /**
   * Goes on from a text as it is, while the calling thread does other work.
   *
   * @param prompt the text, at least one token
   * @param executor completes the future, and so runs actions that depend on it. One that runs
   *     tasks on the calling thread runs them on the model's: there, a call that waits for the
   *     model throws an IllegalStateException, and every other generation waits for the action
   * @return the result to come
   * @see #generateAsync(String)
   */
  public CompletableFuture<GenerationResult> generateAsync(String prompt, Executor executor) {
    requireNonNull(executor, "executor");
    return async(request(prompt), executor);
  }

  /**
   * Goes on from several texts side by side, while the calling thread does other work.
   *
   * @param prompts the texts
   * @return a result for each prompt to come, in the same order, or the first failure of one, which
   *     cancels the others; cancelling it cancels all. Actions that depend on it run as with {@link
   *     #generateAsync(String)}
   * @throws dev.loquat.error.QueueFullException if the queue has no place for all of them
   * @see #generate(List)
   */
  public CompletableFuture<List<GenerationResult>> generateAsync(List<String> prompts) {
    return allAsync(
        prompts.size(),
        i -> forPrompt(i).request("prompts[" + i + "]", prompts.get(i)),
        AsyncResult.DEFAULT_EXECUTOR);
  }

  /**
   * Goes on from a text with a JSON object, and reads it as a record, while the calling thread does
   * other work.
   *
   * @param prompt the text, at least one token; it should say that JSON is wanted, and of what
   * @param type a record as {@link Constraint#record} takes it
   * @return the record to come; cancelling it cancels the generation. Actions that depend on it run
   *     as with {@link #generateAsync(String)}
   * @param <T> the record
   * @throws dev.loquat.error.QueueFullException if as many requests wait as the queue holds
   * @see #generate(String, Class)
   */
  public <T extends Record> CompletableFuture<T> generateAsync(String prompt, Class<T> type) {
    return AsyncResult.map(
        constrain(model.constraint(type)).generateAsync(prompt),
        result -> RecordText.read(result, type));
  }

  /**
   * Goes on from one text several times, side by side, while the calling thread does other work.
   *
   * @param prompt the text, at least one token
   * @param count how many texts, 1 or more
   * @return the texts to come, or the first failure of one, which cancels the others; cancelling it
   *     cancels all. Actions that depend on it run as with {@link #generateAsync(String)}
   * @throws dev.loquat.error.QueueFullException if the queue has no place for all of them
   * @see #samples(String, int)
   */
  public CompletableFuture<List<GenerationResult>> samplesAsync(String prompt, int count) {
    return samplesAsync(prompt, count, AsyncResult.DEFAULT_EXECUTOR);
  }

  /**
   * Goes on from one text several times, side by side, while the calling thread does other work.
   *
   * @param prompt the text, at least one token
   * @param count how many texts, 1 or more
   * @param executor completes the future, as with {@link #generateAsync(String, Executor)}
   * @return the texts to come
   * @see #samplesAsync(String, int)
   */
  public CompletableFuture<List<GenerationResult>> samplesAsync(
      String prompt, int count, Executor executor) {
    requireOneOrMore(count);
    requireNonNull(executor, "executor");
    return allAsync(count, i -> forPrompt(i).request(prompt), executor);
  }

  private CompletableFuture<List<GenerationResult>> allAsync(
      int count, IntFunction<GenerationRequest> requests, Executor executor) {
    List<CompletableFuture<GenerationResult>> parts = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        parts.add(async(requests.apply(i), executor));
      }
    } catch (RuntimeException e) {
      parts.forEach(part -> part.cancel(false));
      throw e;
    }
    return AsyncResult.all(parts);
  }

  private static void requireOneOrMore(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("count is " + count + "; expected 1 or more");
    }
  }

  private CompletableFuture<GenerationResult> async(GenerationRequest request, Executor executor) {
    return AsyncResult.of(model.submitNow(request), GenerationHandle::result, executor);
  }

  /**
   * Goes on from a text as it is, once for every subscriber, with as many pieces as it asks for. A
   * subscriber that asks for few holds up nobody else; the pieces wait for it.
   *
   * @param prompt the text, at least one token
   * @return the publisher; its subscribers are called where {@link
   *     CompletableFuture#defaultExecutor} says, and told of a failure by {@code onError}.
   *     Cancelling a subscription cancels its generation
   */
  public Flow.Publisher<TextDelta> publisher(String prompt) {
    return publisher(prompt, AsyncResult.DEFAULT_EXECUTOR);
  }

  /**
   * Goes on from a text as it is, once for every subscriber, with as many pieces as it asks for.
   *
   * @param prompt the text, at least one token
   * @param executor calls the subscribers, each by one task at a time. One that runs tasks on the
   *     calling thread runs them on the model's, as with {@link #generateAsync(String, Executor)}
   * @return the publisher
   * @see #publisher(String)
   */
  public Flow.Publisher<TextDelta> publisher(String prompt, Executor executor) {
    requireNonNull(executor, "executor");
    return new TextPublisher(model, request(prompt), executor);
  }

  /**
   * Goes on from a text as it is, and hands the new text over as it comes.
   *
   * @param prompt the text, at least one token
   * @return the stream; the caller reads it to the end or closes it
   * @see #generate(String)
   */
  public TextStream stream(String prompt) {
    return new TextStream(submit(prompt));
  }

  /**
   * Goes on from a text with a JSON object, and reads it as a record. The record takes the place of
   * this generator's own constraint, if it has one.
   *
   * @param prompt the text, at least one token; it should say that JSON is wanted, and of what
   * @param type a record as {@link Constraint#record} takes it
   * @return the record that the model wrote
   * @param <T> the record
   * @throws IllegalArgumentException if the type is no such record
   * @throws dev.loquat.error.ConstraintException if the text was cut before its end, or the record
   *     refuses the values
   * @see #generate(String)
   */
  public <T extends Record> T generate(String prompt, Class<T> type) {
    return RecordText.read(constrain(model.constraint(type)).generate(prompt), type);
  }

  /**
   * Answers a conversation with a JSON object, and reads it as a record.
   *
   * @param messages the conversation so far; it should say that JSON is wanted, and of what
   * @param type a record as {@link Constraint#record} takes it
   * @return the record that the model wrote
   * @param <T> the record
   * @see #generate(String, Class)
   * @see #chat(List)
   */
  public <T extends Record> T chat(List<ChatMessage> messages, Class<T> type) {
    return RecordText.read(constrain(model.constraint(type)).chat(messages), type);
  }

  /**
   * Answers a conversation, written out by the checkpoint's own chat template, and waits for the
   * end.
   *
   * @param messages the conversation so far, one message or more
   * @return the answer and what there is to know of it
   * @throws IllegalArgumentException if there is no message
   * @throws dev.loquat.error.ChatTemplateException if the checkpoint has no template or the
   *     template refuses the messages
   * @see #generate(String)
   */
  public GenerationResult chat(List<ChatMessage> messages) {
    return streamChat(messages).result();
  }

  /**
   * Answers one message of a user.
   *
   * @param message what the user says
   * @return the answer and what there is to know of it
   * @see #chat(List)
   */
  public GenerationResult chat(String message) {
    return chat(List.of(ChatMessage.user(message)));
  }

  /**
   * Answers a conversation, and hands the answer over as it comes.
   *
   * @param messages the conversation so far, one message or more
   * @return the stream; the caller reads it to the end or closes it
   * @see #chat(List)
   */
  public TextStream streamChat(List<ChatMessage> messages) {
    return new TextStream(model.submit(chatRequest(messages)));
  }

  /**
   * Answers a conversation, while the calling thread does other work.
   *
   * @param messages the conversation so far, one message or more
   * @return the answer to come; what is said of {@link #generateAsync(String)} holds
   * @throws dev.loquat.error.QueueFullException if as many requests wait as the queue holds
   * @see #chat(List)
   */
  public CompletableFuture<GenerationResult> chatAsync(List<ChatMessage> messages) {
    return chatAsync(messages, AsyncResult.DEFAULT_EXECUTOR);
  }

  /**
   * Answers a conversation, while the calling thread does other work.
   *
   * @param messages the conversation so far, one message or more
   * @param executor completes the future, as with {@link #generateAsync(String, Executor)}
   * @return the answer to come
   * @see #chatAsync(List)
   */
  public CompletableFuture<GenerationResult> chatAsync(
      List<ChatMessage> messages, Executor executor) {
    requireNonNull(executor, "executor");
    return async(chatRequest(messages), executor);
  }

  /**
   * Answers a conversation once for every subscriber, with as many pieces as it asks for.
   *
   * @param messages the conversation so far, one message or more
   * @return the publisher; what is said of {@link #publisher(String)} holds
   * @see #chat(List)
   */
  public Flow.Publisher<TextDelta> chatPublisher(List<ChatMessage> messages) {
    return chatPublisher(messages, AsyncResult.DEFAULT_EXECUTOR);
  }

  /**
   * Answers a conversation once for every subscriber, with as many pieces as it asks for.
   *
   * @param messages the conversation so far, one message or more
   * @param executor calls the subscribers, as with {@link #publisher(String, Executor)}
   * @return the publisher
   * @see #chatPublisher(List)
   */
  public Flow.Publisher<TextDelta> chatPublisher(List<ChatMessage> messages, Executor executor) {
    requireNonNull(executor, "executor");
    return new TextPublisher(model, chatRequest(messages), executor);
  }

  private GenerationHandle submit(String prompt) {
    return model.submit(request(prompt));
  }

  private GenerationRequest request(String prompt) {
    return request("The prompt", prompt);
  }

  private GenerationRequest request(String name, String prompt) {
    return new GenerationRequest(name, prompt, true, options);
  }

  private GenerationRequest chatRequest(List<ChatMessage> messages) {
    return new GenerationRequest("The conversation", model.written(messages), false, options);
  }

  private Generator forPrompt(int index) {
    OptionalLong seed = options.sampling().seed();
    return seed.isEmpty() || index == 0 ? this : seed(seed.getAsLong() + index);
  }

  private Truncation truncation() {
    return options.sampling().truncation();
  }

  private Penalties penalties() {
    return options.sampling().penalties();
  }

  private TokenRules tokens() {
    return options.sampling().tokens();
  }

  private Generator with(Truncation truncation) {
    return with(options.sampling().withTruncation(truncation));
  }

  private Generator with(Penalties penalties) {
    return with(options.sampling().withPenalties(penalties));
  }

  private Generator with(TokenRules tokens) {
    return with(options.sampling().withTokens(tokens));
  }

  private Generator with(SamplingOptions sampling) {
    return with(options.withSampling(sampling));
  }

  private Generator with(GenerationOptions changed) {
    return new Generator(model, changed);
  }

  private static Set<Integer> set(int... ids) {
    return Arrays.stream(ids).boxed().collect(Collectors.toUnmodifiableSet());
  }
}
