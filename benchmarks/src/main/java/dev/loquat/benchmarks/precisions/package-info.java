/** What each precision of a model costs and gives: bytes, speed and nearness to a reference. */
@NullMarked
package dev.loquat.benchmarks.precisions;

import org.jspecify.annotations.NullMarked;
