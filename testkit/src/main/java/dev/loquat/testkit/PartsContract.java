package dev.loquat.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.HiddenStates;
import dev.loquat.backend.Support;
import dev.loquat.checkpoint.Checkpoint;
import dev.loquat.checkpoint.LayerRange;
import dev.loquat.device.Precision;
import dev.loquat.error.BackendException;
import dev.loquat.testkit.tiny.TinyCheckpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A model in parts gives the logits of the whole, wherever it is cut. A backend that declares parts
 * unsupported must refuse to open one.
 */
abstract class PartsContract extends LifecycleContract {
  private static final int LAYERS = 4;

  PartsContract() {}

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void modelCutAtAnyLayerMatchesTheReference(int cut) throws IOException {
    runs(openInParts(0, cut, LAYERS));
  }

  @Test
  void modelOfOneLayerInEachPartMatchesTheReference() throws IOException {
    runs(openInParts(0, 1, 2, 3, LAYERS));
  }

  @Test
  void partOfAllLayersIsTheModel() throws IOException {
    runs(openInParts(0, LAYERS));
  }

  @ParameterizedTest
  @EnumSource
  void everyModelInPartsMatchesTheReference(ContractModel model) throws IOException {
    requireParts();
    try (Checkpoint checkpoint = checkpoint(model)) {
      if (provider().supports(checkpoint.config(), device(), Precision.FP32)
          instanceof Support.Supported) {
        int layers = checkpoint.config().layers().size();
        runs(layers == 1 ? inParts(checkpoint, 0, 1) : inParts(checkpoint, 0, 1, layers));
      }
    }
  }

  @Test
  void rowsOfAStepKeepTheirOwnHiddenStates() throws IOException {
    CheckedSession session = openInParts(0, 2, LAYERS);
    session.step(session.next(6, tokens(5, 1), 1), session.next(1, tokens(1, 2), 1));
    session.step(
        session.next(6, tokens(1, 3), 1),
        session.next(3, tokens(4, 4), 4),
        session.next(1, tokens(1, 5), 1));
    session.step(decodeRows(session, 6, 3, 6, 1));
  }

  @Test
  void partsGoBackCopyAndClearAlike() throws IOException {
    CheckedSession session = openInParts(0, 3, LAYERS);
    session.append(2, tokens(20, 7), 1);
    session.copy(2, 5, 11);
    session.clear(2);
    session.append(5, tokens(3, 8), 3);
    session.step(new ForwardRow(5, 6, tokens(2, 9), 2), session.next(2, tokens(2, 10), 2));
  }

  @Test
  void partBeforeTheLastGivesNoLogits() throws IOException {
    requireParts();
    try (Checkpoint checkpoint = deep()) {
      DecoderSession first = part(checkpoint, new LayerRange(0, 1, LAYERS));
      ForwardBatch batch = batch(new ForwardRow(0, 0, tokens(3, 11), 3));
      assertThat(first.forward(batch, hidden(checkpoint, 3)).rows()).isZero();
    }
  }

  @Test
  void partRefusesHiddenStatesThatDoNotFit() throws IOException {
    requireParts();
    try (Checkpoint checkpoint = deep()) {
      DecoderSession first = part(checkpoint, new LayerRange(0, 1, LAYERS));
      ForwardBatch batch = batch(new ForwardRow(0, 0, tokens(3, 12), 1));
      int size = checkpoint.config().hiddenSize();
      for (HiddenStates wrong :
          List.of(HiddenStates.allocate(2, size), HiddenStates.allocate(3, size + 1))) {
        assertThatThrownBy(() -> first.forward(batch, wrong))
            .isInstanceOf(IllegalArgumentException.class)
            .message()
            .isNotBlank();
      }
    }
  }

  @Test
  void partTakesNoStepWithoutHiddenStates() throws IOException {
    requireParts();
    try (Checkpoint checkpoint = deep()) {
      DecoderSession last = part(checkpoint, new LayerRange(1, LAYERS, LAYERS));
      ForwardBatch batch = batch(new ForwardRow(0, 0, tokens(3, 13), 1));
      assertThatThrownBy(() -> last.forward(batch)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void opensPartsOrDeclaresThemUnsupported() throws IOException {
    LayerRange first = new LayerRange(0, 1, LAYERS);
    try (Checkpoint checkpoint = deep()) {
      if (provider().supportsParts() instanceof Support.Supported) {
        openPart(checkpoint, first);
      } else {
        assertThatThrownBy(() -> openPart(checkpoint, first))
            .isInstanceOf(BackendException.class)
            .message()
            .isNotBlank();
      }
    }
  }

  /** Prefills in chunks beside a decode, and decodes. */
  private static void runs(CheckedSession session) {
    session.append(2, tokens(7, 14), 7);
    session.step(session.next(2, tokens(1, 15), 1), session.next(5, tokens(30, 16), 30));
    session.append(2, tokens(25, 17), 0);
    session.step(decodeRows(session, 18, 5, 2));
  }

  private CheckedSession openInParts(int... bounds) throws IOException {
    requireParts();
    try (Checkpoint checkpoint = deep()) {
      return inParts(checkpoint, bounds);
    }
  }

  private CheckedSession inParts(Checkpoint checkpoint, int... bounds) {
    int layers = checkpoint.config().layers().size();
    List<DecoderSession> parts = new ArrayList<>();
    for (int i = 1; i < bounds.length; i++) {
      parts.add(part(checkpoint, new LayerRange(bounds[i - 1], bounds[i], layers)));
    }
    return new CheckedSession(
        new SessionInParts(parts, checkpoint.config().hiddenSize()),
        reference(checkpoint),
        tolerance(Precision.FP32));
  }

  private DecoderSession part(Checkpoint checkpoint, LayerRange range) {
    return openPart(checkpoint, range).openSession(LAYOUT);
  }

  private Checkpoint deep() throws IOException {
    return Checkpoint.open(TinyCheckpoint.llama().layers(LAYERS).writeTo(emptyFolder()));
  }

  private void requireParts() {
    if (provider().supportsParts() instanceof Support.Unsupported no) {
      Assumptions.abort(provider().name() + " opens no parts of a model: " + no.reason());
    }
  }

  private static HiddenStates hidden(Checkpoint checkpoint, int tokens) {
    return HiddenStates.allocate(tokens, checkpoint.config().hiddenSize());
  }
}
