/** Named, deterministic lookup of backends by {@link java.util.ServiceLoader}. */
@NullMarked
package dev.loquat.internal.discovery;

import org.jspecify.annotations.NullMarked;
