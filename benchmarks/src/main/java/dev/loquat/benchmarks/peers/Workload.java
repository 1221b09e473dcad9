package dev.loquat.benchmarks.peers;

/**
 * What every engine has to do in a round.
 *
 * @param prompt tokens of the prompt whose prefill is timed
 * @param newTokens tokens decoded by each sequence
 * @param batch sequences side by side
 * @param batchPrompt tokens of the prompt of each of them
 * @param context tokens before the first that is decoded at a long context
 * @param threads threads, 1 or more
 */
record Workload(int prompt, int newTokens, int batch, int batchPrompt, int context, int threads) {}
