package dev.loquat.generation;

/**
 * A token and how likely the model finds it.
 *
 * @param tokenId the token
 * @param logProb the natural logarithm of its probability, before temperature and filters
 */
public record TokenLogProb(int tokenId, double logProb) {}
