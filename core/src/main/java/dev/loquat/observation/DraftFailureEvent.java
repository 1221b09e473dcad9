package dev.loquat.observation;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A failure of a draft model in a recording. */
@Name("dev.loquat.DraftFailure")
@Label("Draft Failure")
@Category("Loquat")
@StackTrace(false)
final class DraftFailureEvent extends Event {
  String cause = "";
  int replica;
}
