/** The embedded model through the whole of Loquat, in both backends. */
@NullMarked
package dev.loquat.models.tiny;

import org.jspecify.annotations.NullMarked;
