/** Tests of the meters. */
@NullMarked
package dev.loquat.micrometer;

import org.jspecify.annotations.NullMarked;
