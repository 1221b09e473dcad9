/**
 * Text to token ids and back, whole or as a stream. Knows no model. The only package that uses the
 * Hugging Face tokenizer library. While that loads, a system property is set (decision 0010).
 */
@NullMarked
package dev.loquat.tokenizer;

import org.jspecify.annotations.NullMarked;
