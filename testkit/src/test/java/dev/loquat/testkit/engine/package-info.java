/** Tests of the engine from outside: models over scripted backends. */
@NullMarked
package dev.loquat.testkit.engine;

import org.jspecify.annotations.NullMarked;
