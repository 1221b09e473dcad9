package dev.loquat.benchmarks.parity;

/** A case that the engine has, to be compared when it ends. */
interface EngineComparison {

  /** Waits for the case's end and compares. */
  void finish(Tolerance tolerance, Tally tally);
}
