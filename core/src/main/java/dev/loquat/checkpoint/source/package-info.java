/**
 * Where a model comes from, as text and as a value, and how that becomes a folder with files.
 *
 * <p>Reads nothing of what is in the files but the list of shards.
 */
@NullMarked
package dev.loquat.checkpoint.source;

import org.jspecify.annotations.NullMarked;
