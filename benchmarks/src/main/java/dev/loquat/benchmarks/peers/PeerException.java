package dev.loquat.benchmarks.peers;

/** A peer that ended with an error, took too long or printed what can't be read. */
final class PeerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  PeerException(String message) {
    super(message);
  }

  PeerException(String message, Throwable cause) {
    super(message, cause);
  }
}
