package dev.loquat.internal.speculation;

import dev.loquat.generation.TokenHistory;

/**
 * A sequence to draft for.
 *
 * @param slot the slot of the KV cache that it runs in, from 0
 * @param history its tokens so far, one or more
 * @param limit the most tokens to draft, 1 or more
 */
public record DraftRequest(int slot, TokenHistory history, int limit) {}
