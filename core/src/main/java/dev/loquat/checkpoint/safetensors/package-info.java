/**
 * Weight files in the safetensors format, single or sharded, memory-mapped.
 *
 * <p>A file is {@code u64 little-endian header length N | N bytes of UTF-8 JSON | data}. The JSON
 * maps each tensor's name to {@code {"dtype", "shape", "data_offsets": [begin, end]}}, offsets
 * counted from the start of the data, which the tensors cover without gap or overlap; {@code
 * "__metadata__"} maps strings to strings. Source: the format's reference implementation,
 * github.com/huggingface/safetensors. Everything is checked against the file's real size before
 * anything is allocated for it.
 */
@NullMarked
package dev.loquat.checkpoint.safetensors;

import org.jspecify.annotations.NullMarked;
