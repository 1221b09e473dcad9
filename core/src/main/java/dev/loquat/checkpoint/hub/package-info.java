/**
 * Fetches checkpoints from a model hub that speaks Hugging Face's protocol, into Hugging Face's own
 * cache layout, so that files fetched by its Python library are found here and the reverse.
 *
 * <p>Everything a server says (names, commits, digests, sizes) is checked before it is used. Knows
 * files and digests, nothing of what is in them but the list of shards.
 */
@NullMarked
package dev.loquat.checkpoint.hub;

import org.jspecify.annotations.NullMarked;
