/** Pipelines of stages over the reference and over backends whose steps a test holds or fails. */
@NullMarked
package dev.loquat.testkit.pipeline;

import org.jspecify.annotations.NullMarked;
