package dev.loquat.generation;

/**
 * How busy a model is at one moment.
 *
 * @param runningSequences the sequences that have a slot; a beam search has one for each beam
 * @param waitingSequences the sequences that wait for one
 * @param takenSlots the slots that are taken; more than run where a beam search holds some spare
 * @param slots all slots
 */
public record EngineLoad(int runningSequences, int waitingSequences, int takenSlots, int slots) {

  /**
   * What part of the slots is taken.
   *
   * @return 0 to 1
   */
  public double occupancy() {
    return (double) takenSlots / slots;
  }
}
