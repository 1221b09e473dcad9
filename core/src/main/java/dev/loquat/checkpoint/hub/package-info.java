/**
 * Fetches checkpoints from a model hub that speaks Hugging Face's protocol, into Hugging Face's own
 * cache layout, so that files fetched by its Python library are found here and the reverse.
 *
 * <pre>
 * $HF_HUB_CACHE/
 *   models--OWNER--NAME/
 *     refs/REVISION                 the commit that a branch or tag was when it was fetched
 *     blobs/ETAG                    a file's bytes; ETAG.incomplete while they arrive
 *     snapshots/COMMIT/FILE         a relative link to ../../blobs/ETAG
 *   .locks/models--OWNER--NAME/ETAG.lock
 * </pre>
 *
 * <p>The source of the layout is the manual of huggingface_hub, "Manage the cache-system".
 * Everything a server says (names, commits, digests, sizes, redirects) is checked before it is
 * used. Knows files and digests, nothing of what is in them but the list of shards.
 */
@NullMarked
package dev.loquat.checkpoint.hub;

import org.jspecify.annotations.NullMarked;
