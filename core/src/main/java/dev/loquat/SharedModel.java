package dev.loquat;

/**
 * A model that several callers use at once; it is closed when it is retired and the last has left.
 *
 * <p>Safe for use by several threads. The caller that loaded it counts as a user from the start, so
 * that a model evicted at once still serves that call.
 */
final class SharedModel {
  private final Model model;
  private final long bytes;
  private int users = 1;
  private boolean isRetired;

  /** Creates it with one user, who releases it. */
  SharedModel(Model model) {
    this.model = model;
    bytes = model.weightBytes();
  }

  Model model() {
    return model;
  }

  /** The bytes that the model is weighed by. */
  long bytes() {
    return bytes;
  }

  /** Joins the users; false if the model is closed already. */
  synchronized boolean lease() {
    if (users == 0 && isRetired) {
      return false;
    }
    users++;
    return true;
  }

  void release() {
    if (leave()) {
      model.close();
    }
  }

  void retire() {
    if (markRetired()) {
      model.close();
    }
  }

  private synchronized boolean leave() {
    users--;
    return users == 0 && isRetired;
  }

  private synchronized boolean markRetired() {
    boolean first = !isRetired;
    isRetired = true;
    return first && users == 0;
  }
}
