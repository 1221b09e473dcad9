@NullMarked
package dev.loquat.json;

import org.jspecify.annotations.NullMarked;
