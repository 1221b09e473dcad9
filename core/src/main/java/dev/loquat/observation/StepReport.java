package dev.loquat.observation;

import java.time.Duration;
import java.util.Objects;

/**
 * One step of an engine.
 *
 * @param sequences the sequences that took part
 * @param prefillTokens the tokens of prompts that it computed
 * @param decodeTokens the sequences that decoded, a token each
 * @param draftTokens the guessed tokens that it checked
 * @param newTokens the tokens that generations got of it
 * @param takenSlots the slots that sequences hold
 * @param slots all slots; what is taken of them is the batch's occupancy
 * @param waitingSequences the sequences that wait for a slot
 * @param deviceBytes the bytes that weights, KV caches and buffers take on the device after it, as
 *     the backend counts them; -1 if it can't tell
 * @param duration from the step's plan to its last token and the guesses at what follows
 * @param deviceTime what of it the device computed, as far as is known of a step that failed
 * @param failed whether the backend failed, so that nothing came of it
 */
public record StepReport(
    int sequences,
    int prefillTokens,
    int decodeTokens,
    int draftTokens,
    int newTokens,
    int takenSlots,
    int slots,
    int waitingSequences,
    long deviceBytes,
    Duration duration,
    DeviceTime deviceTime,
    boolean failed) {

  /** Checks for nulls. */
  public StepReport {
    Objects.requireNonNull(duration, "duration");
    Objects.requireNonNull(deviceTime, "deviceTime");
  }
}
