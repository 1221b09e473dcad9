/** One runnable idea a file, with the public API only. */
@NullMarked
package dev.loquat.examples;

import org.jspecify.annotations.NullMarked;
