/** Plans of memory over backends whose needs can be added up by hand. */
@NullMarked
package dev.loquat.testkit.planning;

import org.jspecify.annotations.NullMarked;
