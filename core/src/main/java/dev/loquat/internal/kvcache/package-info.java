/** Bookkeeping of KV cache slots: numbers only. Depends on nothing. */
@NullMarked
package dev.loquat.internal.kvcache;

import org.jspecify.annotations.NullMarked;
