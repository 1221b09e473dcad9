/** A model in replicas against one engine, and what a killed replica costs. */
@NullMarked
package dev.loquat.benchmarks.replicas;

import org.jspecify.annotations.NullMarked;
