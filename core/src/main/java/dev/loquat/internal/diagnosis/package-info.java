/**
 * Finds out what this machine has, which backend can use it, and whether it computes what it
 * should, with a small model made on the fly.
 */
@NullMarked
package dev.loquat.internal.diagnosis;

import org.jspecify.annotations.NullMarked;
