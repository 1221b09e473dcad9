package dev.loquat;

import dev.loquat.generation.GenerationResult;
import dev.loquat.generation.TextDelta;
import dev.loquat.internal.engine.GenerationHandle;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A text on its way. Its pieces join to exactly the text of {@link #result}.
 *
 * <p>Can be read once, by one thread; any thread may wait for the result and close it. Closing
 * before the end cancels the generation, which the model sees before its next step. {@link
 * #forEach} and {@link #result} read to the end, after which closing does nothing.
 */
public final class TextStream implements Iterable<TextDelta>, AutoCloseable {
  private final GenerationHandle handle;
  private final Iterator<TextDelta> pieces = new Pieces();

  TextStream(GenerationHandle handle) {
    this.handle = handle;
  }

  /**
   * The pieces that were not read yet. {@code hasNext} waits for the model.
   *
   * @return the same iterator every time; it throws a {@link dev.loquat.error.LoquatException} if
   *     the generation fails
   */
  @Override
  public Iterator<TextDelta> iterator() {
    return pieces;
  }

  /**
   * Hands every piece over as it comes, until the text ends.
   *
   * @param action what to do with a piece; if it throws, the generation is cancelled
   */
  @Override
  public void forEach(Consumer<? super TextDelta> action) {
    try (this) {
      pieces.forEachRemaining(action);
    }
  }

  /**
   * The pieces that were not read yet, as a sequential stream of the JDK. A terminal operation that
   * stops before the end, such as {@code findFirst} or any behind {@code limit}, does not close it,
   * as with every stream of the JDK: the generation then goes on until it is closed, so close it.
   *
   * @return a stream over the same iterator; closing it closes this
   */
  public Stream<TextDelta> stream() {
    Spliterator<TextDelta> rest =
        Spliterators.spliteratorUnknownSize(
            pieces, Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE);
    return StreamSupport.stream(rest, false).onClose(this::close);
  }

  /**
   * Waits for the end of the text.
   *
   * @return the whole; its finish reason is CANCELLED if the stream was closed before
   */
  public GenerationResult result() {
    return handle.result();
  }

  /** Cancels the generation if it still runs. A second call does nothing. */
  @Override
  public void close() {
    handle.cancel();
  }

  private final class Pieces implements Iterator<TextDelta> {
    private Optional<TextDelta> next = Optional.empty();

    @Override
    public boolean hasNext() {
      if (next.isEmpty()) {
        next = handle.next().map(TextDelta::new);
      }
      return next.isPresent();
    }

    @Override
    public TextDelta next() {
      if (!hasNext()) {
        throw new NoSuchElementException("The text has ended");
      }
      TextDelta piece = next.get();
      next = Optional.empty();
      return piece;
    }
  }
}
