package dev.loquat.internal.pipeline;

import dev.loquat.backend.DecoderSession;

/**
 * A stage's part of a session.
 *
 * @param thread uses the session
 * @param session the KV cache of the stage's layers
 */
record StageSession(StageThread thread, DecoderSession session) {}
