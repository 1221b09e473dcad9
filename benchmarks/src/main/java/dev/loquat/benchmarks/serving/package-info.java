/** What callers of a model see when others call, too, or a chat goes on: through the public API. */
@NullMarked
package dev.loquat.benchmarks.serving;

import org.jspecify.annotations.NullMarked;
