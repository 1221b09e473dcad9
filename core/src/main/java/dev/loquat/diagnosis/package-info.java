/**
 * What was found out about this machine and whether its devices compute what they should: values
 * and how they are printed. Asks no driver and runs no backend.
 */
@NullMarked
package dev.loquat.diagnosis;

import org.jspecify.annotations.NullMarked;
