/**
 * One file for each model family: reads its {@code config.json} into a {@link
 * dev.loquat.checkpoint.ModelConfig} and names its weights as the checkpoint does. A family that
 * fits the description needs no change anywhere else.
 */
@NullMarked
package dev.loquat.checkpoint.family;

import org.jspecify.annotations.NullMarked;
