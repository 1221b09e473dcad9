/**
 * What an engine tells of its work: steps and generations as records, to listeners and to JFR.
 * Knows no engine; computes nothing but percentiles.
 */
@NullMarked
package dev.loquat.observation;

import org.jspecify.annotations.NullMarked;
