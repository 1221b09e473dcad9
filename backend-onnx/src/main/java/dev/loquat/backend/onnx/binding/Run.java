package dev.loquat.backend.onnx.binding;

import java.util.List;

/**
 * One call of the runtime: the same number of tokens for each of some neighbouring slots. A slot
 * without a piece idles.
 *
 * @param slots the slots
 * @param tokens the tokens of each
 * @param pieces what is computed; several only where each is one token
 */
public record Run(SlotRange slots, int tokens, List<Piece> pieces) {

  /** Copies the pieces. */
  public Run {
    pieces = List.copyOf(pieces);
  }

  int picks() {
    return pieces.stream().mapToInt(Piece::picks).sum();
  }
}
