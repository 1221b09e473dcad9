package dev.loquat.internal.scheduler;

/**
 * A beginning that moves to another slot before a step.
 *
 * @param sequence the sequence that gets it
 * @param from the slot to read
 * @param to the slot to overwrite
 * @param tokens how many positions
 */
public record SlotCopy(Sequence sequence, int from, int to, int tokens) {}
