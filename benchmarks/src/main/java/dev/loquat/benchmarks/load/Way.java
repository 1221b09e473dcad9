package dev.loquat.benchmarks.load;

import dev.loquat.Generator;

/** A way to call. */
interface Way {

  /**
   * Makes the call and waits until it is over.
   *
   * @param generator with the options of the request
   * @param shape what is asked
   * @return what came of it
   * @throws dev.loquat.error.LoquatException if the generation failed
   * @throws InterruptedException if the caller is stopped
   */
  Observation call(Generator generator, Shape shape) throws InterruptedException;
}
