package dev.loquat.backend;

import java.time.Duration;
import java.util.Optional;

/**
 * A KV cache and the steps over it.
 *
 * <p>Confined: used by one thread at a time. After a failed step the contents of the slots in that
 * batch are undefined, and the session stays usable.
 */
public interface DecoderSession extends AutoCloseable {

  /**
   * The cache's slots.
   *
   * @return the layout the session was opened with
   */
  CacheLayout layout();

  /**
   * Runs one step: appends every row's tokens to its slot and computes the logits asked for.
   *
   * <p>A row at position p reads what earlier steps wrote to positions 0 to p - 1 of its slot and
   * overwrites what stood at p and after. Rows do not see each other.
   *
   * @param batch prefill chunks and decode rows of any number of slots
   * @return the logits in the order of the rows; valid until the next step or {@link #close}
   * @throws IllegalArgumentException if the batch does not fit the layout or the vocabulary
   * @throws IllegalStateException if the session is closed, or is one of a part of the model
   * @throws dev.loquat.error.BackendException if the device fails
   */
  Logits forward(ForwardBatch batch);

  /**
   * Runs one step of a part of the model, as {@link #forward(ForwardBatch)} does of the whole: a
   * part that does not begin with the first layer reads hidden states in place of tokens, one that
   * does not end with the last gives hidden states in place of logits.
   *
   * @param batch the step, the same for every part
   * @param hidden what the part before gave, overwritten with what this one gives; the first part
   *     doesn't read it, the last doesn't write it. The caller's; used during the call only
   * @return the logits of the last part, no rows of an earlier one; valid until the next step or
   *     {@link #close}
   * @throws IllegalArgumentException if the batch does not fit the layout or the vocabulary, or the
   *     hidden states don't fit the batch
   * @throws IllegalStateException if the session is closed
   * @throws UnsupportedOperationException if the backend can't open parts
   * @throws dev.loquat.error.BackendException if the device fails
   * @see BackendProvider#supportsParts
   */
  default Logits forward(ForwardBatch batch, HiddenStates hidden) {
    throw new UnsupportedOperationException("This backend computes whole models only");
  }

  /**
   * Copies the beginning of one slot's cache to another.
   *
   * @param from the slot to read
   * @param to the slot to overwrite
   * @param tokens how many positions, from 0
   * @throws IllegalArgumentException if the layout has no such slot or position
   */
  void copySlot(int from, int to, int tokens);

  /**
   * Tells that nothing in a slot will be read again, so that {@link Backend#emptyCache} can give
   * its memory back. Whatever the slot takes next starts at position 0. By default nothing happens.
   *
   * @param slot the slot
   * @throws IllegalArgumentException if the layout has no such slot
   */
  default void clearSlot(int slot) {
    layout().requireSlot(slot);
  }

  /**
   * The bytes that a slot of the cache takes now, as far as the session counts them.
   *
   * @param slot the slot
   * @return 0 or more; by default 0
   * @throws IllegalArgumentException if the layout has no such slot
   */
  default long slotBytes(int slot) {
    layout().requireSlot(slot);
    return 0;
  }

  /**
   * Whether rows of several tokens, as checked guesses are, go through the weights together with
   * the step's other rows. Where each takes a pass of its own, the engine guesses less beside other
   * sequences.
   *
   * @return by default true
   */
  default boolean batchesLongRows() {
    return true;
  }

  /**
   * How long the device computed for the last step, by events of its own such as CUDA's. Asked at
   * most once a step, when its logits were read; waits for the device if it has to.
   *
   * @return by default empty: the engine then measures its calls of the session
   */
  default Optional<Duration> deviceTime() {
    return Optional.empty();
  }

  /** Gives the cache back. A second call does nothing. */
  @Override
  void close();
}
