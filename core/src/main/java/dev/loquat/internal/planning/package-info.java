/** What a model would need of memory, asked of backends, and which sizes and changes fit. */
@NullMarked
package dev.loquat.internal.planning;

import org.jspecify.annotations.NullMarked;
