/**
 * Many callers at one model, through the public API in every way to call, with cancels in between.
 */
@NullMarked
package dev.loquat.benchmarks.load;

import org.jspecify.annotations.NullMarked;
