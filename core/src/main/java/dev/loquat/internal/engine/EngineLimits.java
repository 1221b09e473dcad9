package dev.loquat.internal.engine;

/**
 * How much an engine takes on.
 *
 * @param stepTokens the most prompt tokens of a step, 1 or more
 * @param queueCapacity the most generations that wait for a slot, 1 or more
 * @param keptTokens the most tokens kept in free slots of the KV cache; 0 for no reuse
 */
public record EngineLimits(int stepTokens, int queueCapacity, long keptTokens) {}
