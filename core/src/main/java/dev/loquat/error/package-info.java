/**
 * What can go wrong, as types that callers handle differently.
 *
 * <p>Messages say what happened, what was expected and what to do, with the values. Misuse of the
 * API (a null, a number out of range) stays with the JDK's own exceptions. Depends on nothing.
 */
@NullMarked
package dev.loquat.error;

import org.jspecify.annotations.NullMarked;
