/** Native libraries made for a test. */
@NullMarked
package dev.loquat.fake;

import org.jspecify.annotations.NullMarked;
