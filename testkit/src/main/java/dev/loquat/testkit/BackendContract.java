package dev.loquat.testkit;

import dev.loquat.backend.ForwardRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of a backend as a JUnit suite. A backend is right when a class like this passes:
 *
 * <pre>{@code
 * class MyBackendContractTest extends BackendContract {
 *   @Override
 *   protected BackendProvider provider() {
 *     return new MyBackendProvider();
 *   }
 * }
 * }</pre>
 *
 * <p>Every test writes its own small checkpoint, opens it and compares every logit of every step
 * with a naive decoder in double precision. A feature may be missing if {@code supports} says so;
 * what is declared unsupported must then be refused by {@code open}. For a second device, write a
 * second class that overrides {@link #device}.
 *
 * <p>The tests are in the superclasses, by subject: the provider's answers, one step's logits, the
 * slots of the cache, the life of backends and sessions, parts of models, and layers on disk. Here
 * they all meet at random.
 */
public abstract class BackendContract extends OffloadContract {
  private static final int STEPS = 80;
  private static final int LONGEST_CHUNK = 20;

  /** Creates the suite. */
  protected BackendContract() {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void randomStepsMatchTheReference(long seed) throws IOException {
    CheckedSession session = openPlain();
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      session.step(randomRows(session, random));
      if (random.nextInt(4) == 0) {
        copyAtRandom(session, random);
      }
    }
  }

  private static List<ForwardRow> randomRows(CheckedSession session, Random random) {
    List<Integer> slots = new ArrayList<>(IntStream.range(0, LAYOUT.slots()).boxed().toList());
    Collections.shuffle(slots, random);
    return slots.subList(0, 1 + random.nextInt(slots.size())).stream()
        .map(slot -> randomRow(session, slot, random))
        .toList();
  }

  /** Mostly goes on where the sequence ends; starts anew or goes back now and then, or if full. */
  private static ForwardRow randomRow(CheckedSession session, int slot, Random random) {
    int length = session.length(slot);
    boolean goesOn = length < CONTEXT && random.nextInt(6) > 0;
    int position = goesOn ? length : random.nextInt(Math.min(length, CONTEXT - 1) + 1);
    int longest = Math.min(LONGEST_CHUNK, CONTEXT - position);
    int count = random.nextBoolean() ? 1 : 1 + random.nextInt(longest);
    int[] tokens = tokens(count, random.nextLong());
    return new ForwardRow(slot, position, tokens, random.nextInt(count + 1));
  }

  private static void copyAtRandom(CheckedSession session, Random random) {
    int from = random.nextInt(LAYOUT.slots());
    int to = (from + 1 + random.nextInt(LAYOUT.slots() - 1)) % LAYOUT.slots();
    if (session.length(from) > 0) {
      session.copy(from, to, 1 + random.nextInt(session.length(from)));
    }
  }
}
