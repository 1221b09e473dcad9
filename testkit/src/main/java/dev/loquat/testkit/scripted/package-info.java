/**
 * A backend without a model, for tests of what stands above the seam: engines, schedulers,
 * applications.
 *
 * <p>What follows a text is a script's choice; a test may fail or hold any step, and count what was
 * asked of the backend and what was left open.
 */
@NullMarked
package dev.loquat.testkit.scripted;

import org.jspecify.annotations.NullMarked;
