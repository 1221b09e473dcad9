package dev.loquat.observation;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The end of a replica in a recording. */
@Name("dev.loquat.ReplicaEnd")
@Label("Replica End")
@Category("Loquat")
@StackTrace(false)
final class ReplicaEndEvent extends Event {
  int replica;
  String cause = "";
}
