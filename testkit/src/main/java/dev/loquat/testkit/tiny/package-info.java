/**
 * Small checkpoints, written by code: the models that tests run on.
 *
 * <p>The files are those of a Hugging Face folder, so that a test walks the same way as a user.
 * Every checkpoint here is sound; damaged ones belong to the tests of reading.
 */
@NullMarked
package dev.loquat.testkit.tiny;

import org.jspecify.annotations.NullMarked;
