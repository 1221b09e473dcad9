package dev.loquat.internal.worker;

import dev.loquat.error.LoquatException;
import dev.loquat.internal.engine.EventChannel;
import dev.loquat.internal.engine.GenerationEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The requests that another process serves, and where the news of their parts goes.
 *
 * <p>Safe for use by several threads. News of a request that is not here means nothing any more.
 */
final class RunningCalls {
  private final Map<Long, List<EventChannel>> running = new ConcurrentHashMap<>();
  private final String replica;

  RunningCalls(String replica) {
    this.replica = replica;
  }

  /** Takes one in, before the process is told of it; returns the way to the reader of each part. */
  List<EventChannel> begin(long id, int parts) {
    List<EventChannel> events = Stream.generate(EventChannel::new).limit(parts).toList();
    running.put(id, events);
    return events;
  }

  /** Drops one that nobody reads. */
  void forget(long id) {
    running.remove(id);
  }

  boolean isEmpty() {
    return running.isEmpty();
  }

  void start(long id) {
    parts(id).forEach(EventChannel::start);
  }

  /** A failure of one part fails all of its request. */
  void hear(ToParent.News news) {
    List<EventChannel> parts = parts(news.id());
    if (news.part() >= parts.size()) {
      return;
    }
    GenerationEvent event = news.event().event(replica);
    EventChannel events = parts.get(news.part());
    if (event instanceof GenerationEvent.Text) {
      events.add(event);
    } else if (event instanceof GenerationEvent.Failed failed) {
      fail(news.id(), failed.cause());
    } else {
      events.end(event);
      if (parts.stream().allMatch(part -> part.ended().isDone())) {
        running.remove(news.id());
      }
    }
  }

  void fail(long id, LoquatException cause) {
    List<EventChannel> parts = parts(id);
    running.remove(id);
    fail(parts, cause);
  }

  void failAll(LoquatException cause) {
    running.values().forEach(parts -> fail(parts, cause));
    running.clear();
  }

  private List<EventChannel> parts(long id) {
    return running.getOrDefault(id, List.of());
  }

  private static void fail(List<EventChannel> parts, LoquatException cause) {
    parts.forEach(part -> part.end(new GenerationEvent.Failed(cause)));
  }
}
