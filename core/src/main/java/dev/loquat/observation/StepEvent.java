package dev.loquat.observation;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A {@link StepReport} in a recording. */
@Name("dev.loquat.Step")
@Label("Engine Step")
@Category("Loquat")
@StackTrace(false)
final class StepEvent extends Event {
  @Label("Duration of the Step")
  @Timespan(Timespan.NANOSECONDS)
  long durationNanos;

  @Label("Time of the Device")
  @Timespan(Timespan.NANOSECONDS)
  long deviceNanos;

  int sequences;
  int prefillTokens;
  int decodeTokens;
  int draftTokens;
  int newTokens;
  int takenSlots;
  int slots;
  int waitingSequences;

  @DataAmount(DataAmount.BYTES)
  long deviceBytes;

  boolean failed;
  int replica;
}
