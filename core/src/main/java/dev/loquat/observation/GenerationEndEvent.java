package dev.loquat.observation;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A {@link GenerationReport} in a recording. */
@Name("dev.loquat.Generation")
@Label("Generation")
@Category("Loquat")
@StackTrace(false)
final class GenerationEndEvent extends Event {
  boolean failed;
  int replica;
  String finishReason = "";
  int promptTokens;
  int cachedTokens;
  int newTokens;

  @Timespan(Timespan.NANOSECONDS)
  long queuedNanos;

  @Timespan(Timespan.NANOSECONDS)
  long timeToFirstTokenNanos;

  @Timespan(Timespan.NANOSECONDS)
  long totalNanos;

  @Timespan(Timespan.NANOSECONDS)
  long interTokenP50Nanos;

  @Timespan(Timespan.NANOSECONDS)
  long interTokenP99Nanos;
}
