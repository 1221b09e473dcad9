package dev.loquat.observation;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** The return of a replica in a recording. */
@Name("dev.loquat.ReplicaRestart")
@Label("Replica Restart")
@Category("Loquat")
@StackTrace(false)
final class ReplicaRestartEvent extends Event {
  int replica;

  @Timespan(Timespan.NANOSECONDS)
  long downNanos;
}
