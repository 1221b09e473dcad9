/** Compares a model in a backend with reference numbers of another implementation. */
@NullMarked
package dev.loquat.benchmarks.parity;

import org.jspecify.annotations.NullMarked;
