/** What an engine tells its listeners, as Micrometer's meters. Keeps no numbers of its own. */
@NullMarked
package dev.loquat.micrometer;

import org.jspecify.annotations.NullMarked;
