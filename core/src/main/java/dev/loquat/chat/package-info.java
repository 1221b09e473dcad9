/** Chat messages to prompt text through a checkpoint's own template. Knows no tokens. */
@NullMarked
package dev.loquat.chat;

import org.jspecify.annotations.NullMarked;
