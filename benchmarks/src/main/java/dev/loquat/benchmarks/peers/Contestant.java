package dev.loquat.benchmarks.peers;

import java.util.Map;
import java.util.Optional;

/** An engine that takes part in the comparison. */
interface Contestant {

  /** Its name in tables. */
  String name();

  /** What its weights are: a file's name or a precision. */
  String weights();

  /** Bytes that a decode step has to read at least once; 0 if unknown. */
  long readBytes();

  /** How to install what is missing, if anything is. */
  Optional<String> missing();

  /**
   * Does the work once, with the engine opened and closed for it.
   *
   * @param workload the work
   * @return tokens per second of what the engine can do
   * @throws PeerException if the engine fails
   */
  Map<Measure, Double> run(Workload workload);
}
