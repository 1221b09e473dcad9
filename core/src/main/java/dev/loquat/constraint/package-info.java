/**
 * Constrained output: which tokens keep a text within a regular expression, a list of choices or a
 * JSON schema.
 *
 * <p>A constraint is compiled to a {@code Grammar}: rules that are deterministic automata over the
 * bytes of UTF-8 text and may call one another, which is what recursive schemas need. A {@code
 * Configuration} says where a text stands in the grammar. What a single state of an automaton says
 * of every token is computed once and kept ({@code StateMasks}); the few tokens that also depend on
 * the callers are tried at each step. Knows no model, no engine and no sampling.
 */
@NullMarked
package dev.loquat.constraint;

import org.jspecify.annotations.NullMarked;
