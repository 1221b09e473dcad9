package dev.loquat.testkit.scripted;

import dev.loquat.backend.CacheLayout;
import dev.loquat.backend.DecoderSession;
import dev.loquat.backend.ForwardBatch;
import dev.loquat.backend.ForwardRow;
import dev.loquat.backend.Logits;
import dev.loquat.error.BackendException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A cache of tokens. */
final class ScriptedSession implements DecoderSession {
  private final CacheLayout layout;
  private final ScriptedModel model;
  private final StepHook hook;
  private final StepLog log;
  private final int[][] slots; // [slots][tokens so far]
  private boolean closed;

  ScriptedSession(CacheLayout layout, ScriptedModel model, StepHook hook, StepLog log) {
    this.layout = layout;
    this.model = model;
    this.hook = hook;
    this.log = log;
    slots = new int[layout.slots()][0];
    log.sessionOpened();
  }

  @Override
  public CacheLayout layout() {
    return layout;
  }

  @Override
  public Logits forward(ForwardBatch batch) {
    requireOpen();
    batch.requireFits(layout, model.vocabularySize());
    callHook(log.add(batch), batch);
    batch.rows().forEach(this::write);
    List<Integer> peaks = batch.rows().stream().flatMapToInt(this::choices).boxed().toList();
    return new ScriptedLogits(peaks, model.vocabularySize());
  }

  @Override
  public void copySlot(int from, int to, int tokens) {
    requireOpen();
    layout.requireCopy(from, to, tokens);
    requireWritten(from, tokens);
    log.add(new StepLog.SlotCopy(from, to, tokens));
    slots[to] = Arrays.copyOf(slots[from], tokens);
  }

  @Override
  public void clearSlot(int slot) {
    requireOpen();
    layout.requireSlot(slot);
    slots[slot] = new int[0];
  }

  @Override
  public long slotBytes(int slot) {
    layout.requireSlot(slot);
    return ScriptedBackend.BYTES_PER_TOKEN * slots[slot].length;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Arrays.fill(slots, new int[0]);
      log.sessionClosed();
    }
  }

  long cachedTokens() {
    return Arrays.stream(slots).mapToLong(slot -> slot.length).sum();
  }

  private void callHook(int step, ForwardBatch batch) {
    try {
      hook.beforeStep(step, batch);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendException("Step " + step + " was interrupted while the test held it.", e);
    }
  }

  private void write(ForwardRow row) {
    requireWritten(row.slot(), row.firstPosition());
    int[] tokens = Arrays.copyOf(slots[row.slot()], row.endPosition());
    for (int i = 0; i < row.length(); i++) {
      tokens[row.firstPosition() + i] = row.token(i);
    }
    slots[row.slot()] = tokens;
  }

  private IntStream choices(ForwardRow row) {
    int end = row.endPosition();
    return IntStream.rangeClosed(end - row.logitsCount() + 1, end)
        .map(length -> model.next(Arrays.copyOf(slots[row.slot()], length)));
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The session is closed; open another one");
    }
  }

  private void requireWritten(int slot, int tokens) {
    if (tokens < 0 || tokens > slots[slot].length) {
      throw new IllegalArgumentException(
          "Slot "
              + slot
              + " holds "
              + slots[slot].length
              + " tokens; a step or copy builds on "
              + tokens);
    }
  }
}
