/**
 * The Java that the README and the guide show, and the checks that they show nothing else.
 *
 * <p>A block of a page is a piece of one of these files, so it compiles as the reader sees it.
 */
@NullMarked
package dev.loquat.docs;

import org.jspecify.annotations.NullMarked;
