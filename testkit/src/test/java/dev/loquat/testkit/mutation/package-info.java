/**
 * Backends that are wrong in one way each, and the tests of the contract that must notice.
 *
 * <p>A mutation spoils the reference backend from outside, by overriding one method of a decorator.
 */
@NullMarked
package dev.loquat.testkit.mutation;

import org.jspecify.annotations.NullMarked;
