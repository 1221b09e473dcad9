/** What the same machine does with other engines: measured in turn with Loquat. */
@NullMarked
package dev.loquat.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
