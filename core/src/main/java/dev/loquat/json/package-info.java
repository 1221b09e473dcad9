/**
 * JSON text to a tree, for the files of a checkpoint.
 *
 * <p>What a tree means is no business of this package.
 */
@NullMarked
package dev.loquat.json;

import org.jspecify.annotations.NullMarked;
