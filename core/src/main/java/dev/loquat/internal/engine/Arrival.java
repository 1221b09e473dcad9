package dev.loquat.internal.engine;

/**
 * How a request came.
 *
 * @param nanos when it was submitted, on the engine's clock
 * @param place called back when the request leaves its place in the queue
 */
record Arrival(long nanos, Runnable place) {}
