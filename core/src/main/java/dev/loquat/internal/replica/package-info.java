/**
 * Several engines of one model behind one queue: which request goes to which, and what becomes of
 * requests whose engine ends. Computes nothing and knows no backend.
 */
@NullMarked
package dev.loquat.internal.replica;

import org.jspecify.annotations.NullMarked;
