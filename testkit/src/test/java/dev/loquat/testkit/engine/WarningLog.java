package dev.loquat.testkit.engine;

import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The warnings of loaded models whose plans do not fit, until it is closed. */
final class WarningLog extends Handler implements AutoCloseable {
  private final Logger logger = Logger.getLogger("dev.loquat.PlanWarning");
  private final List<String> messages = new CopyOnWriteArrayList<>();

  WarningLog() {
    logger.addHandler(this);
  }

  /** The messages so far, their parameters put in. */
  List<String> messages() {
    return messages;
  }

  @Override
  public void publish(LogRecord logged) {
    messages.add(MessageFormat.format(logged.getMessage(), logged.getParameters()));
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
