package dev.loquat;

import dev.loquat.generation.GenerationRequest;
import dev.loquat.generation.TextDelta;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.Flow.Subscriber;

/**
 * A text for each subscriber, generated when it subscribes.
 *
 * <p>Safe for use by several threads.
 */
final class TextPublisher implements Publisher<TextDelta> {
  private final Model model;
  private final GenerationRequest request;
  private final Executor executor;

  TextPublisher(Model model, GenerationRequest request, Executor executor) {
    this.model = model;
    this.request = request;
    this.executor = executor;
  }

  @Override
  public void subscribe(Subscriber<? super TextDelta> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    TextSubscription subscription = new TextSubscription(subscriber, executor);
    subscriber.onSubscribe(subscription);
    subscription.start(() -> model.submitNow(request));
  }
}
