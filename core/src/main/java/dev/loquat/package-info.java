/**
 * The door: from a checkpoint's name to text in one fluent call.
 *
 * <p>{@link dev.loquat.Loquat} opens, {@link dev.loquat.Model} is a loaded checkpoint, {@link
 * dev.loquat.Generator} generates with it, {@link dev.loquat.TextStream} is a text on its way. No
 * algorithm lives here.
 */
@NullMarked
package dev.loquat;

import org.jspecify.annotations.NullMarked;
