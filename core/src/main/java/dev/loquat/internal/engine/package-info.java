/**
 * The loop that turns requests into texts, and the one thread that owns it.
 *
 * <p>Calls go down to the backend, values come back. Only the engine thread touches a sequence;
 * callers talk to it through a command queue and read a queue of events.
 */
@NullMarked
package dev.loquat.internal.engine;

import org.jspecify.annotations.NullMarked;
